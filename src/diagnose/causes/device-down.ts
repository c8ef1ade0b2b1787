import { repair } from '../cures.ts';
import type { Cause } from '../finding.ts';

/** An end that somebody switched off: its routes are gone with that. */
export const deviceDown: Cause = {
  name: 'device-down',
  title: 'an end that is down',
  judge: (evidence) =>
    evidence.ends.flatMap((end) => {
      if (end.link === undefined || end.link.isUp) return [];
      const { host, device } = end.wanted;
      const message = `${device} is down`;
      return [{ cause: 'device-down', host, certainty: 'proved', message, evidence: [], cures: [repair(evidence, end)] }];
    }),
};
