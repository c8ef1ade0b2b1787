import { quoteAll } from '../../shell/quote.ts';
import { convergence } from '../cures.ts';
import type { Cause, Cure } from '../finding.ts';

/** The device of that name is something else. */
export const modeMismatch: Cause = {
  name: 'mode-mismatch',
  title: 'ends of different modes',
  judge: (evidence) =>
    evidence.ends.flatMap(({ link, wanted }) => {
      if (link === undefined || link.mode === wanted.mode) return [];
      const { host, device, mode } = wanted;
      const found = link.mode ?? link.kind ?? 'no tunnel';
      const message = `${device} is ${found}, where the tunnel is ${mode}`;
      const cures = [...(link.mode === undefined ? [removal(host, device)] : []), convergence(evidence)];
      return [{ cause: 'mode-mismatch', host, certainty: 'proved', message, evidence: [], cures }];
    }),
};

/** No run takes away what a rollback could not bring back. */
function removal(host: string, device: string): Cure {
  return { host, words: `If nothing else needs that ${device}:`, commands: [quoteAll(['ip', 'link', 'delete', 'dev', device])] };
}
