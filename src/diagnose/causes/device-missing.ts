import { convergence } from '../cures.ts';
import type { Cause } from '../finding.ts';
import { hasRebooted } from './peer-rebooted.ts';

/** An end that is not there at all, and not for want of having been made since the host was booted. */
export const deviceMissing: Cause = {
  name: 'device-missing',
  title: 'an end that is not there',
  judge: (evidence) =>
    evidence.ends.flatMap((end, index) => {
      const peer = evidence.ends[1 - index];
      if (end.link !== undefined || (peer !== undefined && hasRebooted(end, peer))) return [];
      const { host, device } = end.wanted;
      const message = `there is no ${device}`;
      return [{ cause: 'device-missing', host, certainty: 'proved', message, evidence: [], cures: [convergence(evidence)] }];
    }),
};
