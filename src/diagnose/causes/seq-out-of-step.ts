import { quoteAll } from '../../shell/quote.ts';
import { convergence } from '../cures.ts';
import { deviceRise, type EndEvidence, silentWays } from '../evidence.ts';
import type { Cause } from '../finding.ts';

/** A sender that was made anew counts from 0; the receiver drops all of it until it has caught up (RFC 2890 section 2.2). */
export const seqOutOfStep: Cause = {
  name: 'seq-out-of-step',
  title: 'sequence numbers out of step',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const { host, device } = way.to.wanted;
      const dropped = deviceRise(way.atReceiver, device, 'rxFifo');
      if (dropped === 0) return [];
      return [
        {
          cause: 'seq-out-of-step',
          host,
          certainty: 'proved',
          message: `${device} drops what ${way.from.wanted.host} sends: its sequence numbers are behind what was seen before`,
          evidence: [`${device} counted ${dropped} packets out of sequence`],
          cures: [...evidence.ends.map(removal), convergence(evidence, 'Both ends have to be made anew:')],
        },
      ];
    }),
};

function removal({ wanted }: EndEvidence) {
  return { host: wanted.host, commands: [quoteAll(['ip', 'link', 'delete', 'dev', wanted.device])] };
}
