import { repair } from '../cures.ts';
import { differencesIn, differenceWords } from '../differences.ts';
import { carriesPackets } from '../evidence.ts';
import type { Cause } from '../finding.ts';

/** An end that sends to somebody else, or from an address the peer does not expect. */
export const endpointMismatch: Cause = {
  name: 'endpoint-mismatch',
  title: 'outer addresses that do not meet',
  judge: (evidence) =>
    carriesPackets(evidence)
      ? []
      : evidence.ends.flatMap((end) => {
          const found = differencesIn(end, ['local', 'remote', 'dev']);
          if (found.length === 0) return [];
          const { host, device } = end.wanted;
          const message = `${device} has ${found.map(differenceWords).join(' and ')}`;
          return [{ cause: 'endpoint-mismatch', host, certainty: 'proved', message, evidence: [], cures: [repair(evidence, end)] }];
        }),
};
