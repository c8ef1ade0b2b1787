import { repair } from '../cures.ts';
import type { Cause } from '../finding.ts';

/** An end without its inner address takes what comes for somebody else's. */
export const addressMissing: Cause = {
  name: 'address-missing',
  title: 'an inner address that is not there',
  judge: (evidence) =>
    evidence.ends.flatMap((end) => {
      const { link, wanted } = end;
      if (link === undefined) return [];
      const missing = wanted.addresses.filter(
        ({ address, length, peer }) => !link.addresses.some((one) => one.address === address && one.length === length && one.peer === peer),
      );
      if (missing.length === 0) return [];
      const { host, device } = wanted;
      const message = `${device} does not have ${missing.map(({ address, peer, length }) => `${address}${peer === undefined ? `/${length}` : ` peer ${peer}`}`).join(' and ')}`;
      const evidence1 = [`it has ${link.addresses.map(({ address, length }) => `${address}/${length}`).join(', ') || 'no address'}`];
      return [{ cause: 'address-missing', host, certainty: 'proved', message, evidence: evidence1, cures: [repair(evidence, end)] }];
    }),
};
