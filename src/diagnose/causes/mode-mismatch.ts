import { convergence } from '../cures.ts';
import type { Cause } from '../finding.ts';

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
      return [{ cause: 'mode-mismatch', host, certainty: 'proved', message, evidence: [], cures: [convergence(evidence)] }];
    }),
};
