import { repair } from '../cures.ts';
import { differencesIn, differenceWords } from '../differences.ts';
import { carriesPackets } from '../evidence.ts';
import type { Cause } from '../finding.ts';

/** What both ends must have alike beside keys and addresses. */
const SHARED = ['icsum', 'ocsum', 'iseq', 'oseq', 'proto', 'id', 'dstport', 'encap', 'encap-sport', 'encap-dport', 'encap-remcsum'];

/** An end that speaks the same protocol otherwise: checksums, sequence numbers, ports. */
export const optionMismatch: Cause = {
  name: 'option-mismatch',
  title: 'options that differ',
  judge: (evidence) =>
    carriesPackets(evidence)
      ? []
      : evidence.ends.flatMap((end) => {
          const found = differencesIn(end, SHARED);
          if (found.length === 0) return [];
          const { host, device } = end.wanted;
          const message = `${device} has ${found.map(differenceWords).join(' and ')}`;
          return [{ cause: 'option-mismatch', host, certainty: 'proved', message, evidence: [], cures: [repair(evidence, end)] }];
        }),
};
