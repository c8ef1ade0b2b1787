import { quoteAll } from '../../shell/quote.ts';
import type { EndEvidence } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';

/** An inner address that another link of a host has as well: what is meant for the peer stays there. */
export const addressConflict: Cause = {
  name: 'address-conflict',
  title: 'an inner address that another link has',
  judge: ({ ends: [one, other] }) => [...judgeEnd(one, other), ...judgeEnd(other, one)],
};

function judgeEnd({ wanted, observed }: EndEvidence, peer: EndEvidence): readonly Finding[] {
  const { host, device } = wanted;
  const own = observed.links
    .filter((link) => link.device !== device)
    .flatMap((link) => link.addresses.map((found) => ({ ...found, device: link.device })));
  const all = observed.links.flatMap((link) => link.addresses.map((found) => ({ ...found, device: link.device })));
  const clashes = [
    ...wanted.addresses.flatMap(({ address }) => own.filter((found) => found.address === address).map((found) => ({ ...found, whose: 'its own' }))),
    ...peer.wanted.addresses.flatMap(({ address }) =>
      all.filter((found) => found.address === address).map((found) => ({ ...found, whose: `${peer.wanted.host}’s` })),
    ),
  ];
  return clashes.map(({ address, length, device: holder, whose, peer: far }) => ({
    cause: 'address-conflict' as const,
    host,
    certainty: 'proved' as const,
    message: `${holder} has ${address}, ${whose} inner address in this tunnel, as well`,
    evidence: [],
    cures: [
      {
        host,
        commands: [
          quoteAll([
            'ip',
            'address',
            'delete',
            ...(far === undefined ? [`${address}/${length}`] : [address, 'peer', `${far}/${length}`]),
            'dev',
            holder,
          ]),
        ],
      },
    ],
  }));
}
