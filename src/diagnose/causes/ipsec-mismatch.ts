import { type EndEvidence, type Meanwhile, risen, silentWays } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';

/** What each counter of /proc/net/xfrm_stat means for a tunnel (Documentation/networking/xfrm_proc.rst). */
const MEANINGS: Readonly<Record<string, string>> = {
  XfrmInNoStates: 'has no IPsec state for what comes: the SPI, or the whole state, differs from the sender’s',
  XfrmInStateProtoError: 'cannot decrypt what comes: the IPsec keys differ',
  XfrmInStateSeqError: 'takes what comes for a replay: the sender’s IPsec state was installed anew with the same keys',
  XfrmInStateMismatch: 'has an IPsec state that does not fit what comes',
  XfrmInStateExpired: 'has an IPsec state that has expired',
  XfrmInTmplMismatch: 'demands IPsec of what comes without it',
  XfrmInNoPols: 'has no IPsec policy for what comes: the policy’s mark may not be the device’s key',
  XfrmInPolBlock: 'has an IPsec policy that blocks what comes',
  XfrmOutNoStates: 'has an IPsec policy for what it sends and no state to go with it',
  XfrmOutPolBlock: 'has an IPsec policy that blocks what it sends',
  XfrmOutStateExpired: 'has an IPsec state for what it sends that has expired',
};

/** States, keys or policies of IPsec that do not fit together. */
export const ipsecMismatch: Cause = {
  name: 'ipsec-mismatch',
  title: 'IPsec that does not fit together',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => [...judgeEnd(way.to, way.atReceiver, 'XfrmIn'), ...judgeEnd(way.from, way.atSender, 'XfrmOut')]),
};

function judgeEnd({ wanted }: EndEvidence, meanwhile: Meanwhile, prefix: string): readonly Finding[] {
  return Object.entries(MEANINGS).flatMap(([counter, message]) => {
    const times = risen(meanwhile, counter);
    if (times === 0 || !counter.startsWith(prefix)) return [];
    const words = `Compare \`ip xfrm policy\` and \`ip -s xfrm state list nokeys\` on ${wanted.host} and ${wanted.peerHost}: SPI, direction, mark, reqid; keys with whoever made them.`;
    return [
      {
        cause: 'ipsec-mismatch' as const,
        host: wanted.host,
        certainty: 'proved' as const,
        message: `it ${message}`,
        evidence: [`${counter} rose by ${times}`],
        cures: [{ words, commands: [] }],
      },
    ];
  });
}
