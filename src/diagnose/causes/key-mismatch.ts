import { repair } from '../cures.ts';
import { differencesIn, differenceWords } from '../differences.ts';
import { arrivedInside, carriesPackets, type EndEvidence, type TunnelEvidence } from '../evidence.ts';
import type { Cause } from '../finding.ts';
import { journey } from '../sightings.ts';

/** The kernel drops a packet with another key and tells only its sender's kernel (RFC 2890 section 2.1). */
export const keyMismatch: Cause = {
  name: 'key-mismatch',
  title: 'keys that differ',
  judge: (evidence) =>
    carriesPackets(evidence) || doKeysMeet(evidence.ends)
      ? []
      : evidence.ends.flatMap((end) => {
          const found = differencesIn(end, ['ikey', 'okey']);
          if (found.length === 0) return [];
          const { host, device } = end.wanted;
          const message = `${device} has ${found.map(differenceWords).join(' and ')}`;
          return [{ cause: 'key-mismatch', host, certainty: 'proved', message, evidence: seen(evidence), cures: [repair(evidence, end)] }];
        }),
};

/** Two ends may have been given another key by hand, both the same. */
function doKeysMeet([one, other]: TunnelEvidence['ends']): boolean {
  const meets = (sender: EndEvidence, receiver: EndEvidence) => sender.link?.attributes.okey === receiver.link?.attributes.ikey;
  return meets(one, other) && meets(other, one);
}

function seen({ ways }: TunnelEvidence): readonly string[] {
  return ways.map((way) => journey(way, arrivedInside(way)));
}
