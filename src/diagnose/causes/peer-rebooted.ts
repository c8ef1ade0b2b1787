import { convergence } from '../cures.ts';
import type { EndEvidence } from '../evidence.ts';
import type { Cause } from '../finding.ts';

const LATELY_SECONDS = 24 * 60 * 60;
/** Hosts of one rack boot together after a power cut; then neither has the tunnel. */
const LATER_SECONDS = 120;

/** One end started anew and has no tunnel, the other runs on and has it. */
export const peerRebooted: Cause = {
  name: 'peer-rebooted',
  title: 'an end that was rebooted',
  judge: (evidence) =>
    evidence.ends.flatMap((end, index) => {
      const peer = evidence.ends[1 - index];
      if (peer === undefined || !hasRebooted(end, peer)) return [];
      const { host, device } = end.wanted;
      return [
        {
          cause: 'peer-rebooted',
          host,
          certainty: 'likely',
          message: `it was booted ${spanOf(end.survey.uptimeSeconds)} ago and has had no ${device} since, while ${peer.wanted.host} still has its end`,
          evidence: [`${peer.wanted.host} has been up for ${spanOf(peer.survey.uptimeSeconds)}`],
          cures: [convergence(evidence)],
        },
      ];
    }),
};

export function hasRebooted(end: EndEvidence, peer: EndEvidence): boolean {
  const { uptimeSeconds } = end.survey;
  return (
    end.link === undefined && peer.link !== undefined && uptimeSeconds < LATELY_SECONDS && uptimeSeconds + LATER_SECONDS < peer.survey.uptimeSeconds
  );
}

function spanOf(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 2 * 60 * 60) return `${Math.floor(seconds / 60)} min`;
  return seconds < 2 * LATELY_SECONDS ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / LATELY_SECONDS)} d`;
}
