import { familyOf } from '../../domain/address.ts';
import { setting } from '../cures.ts';
import type { Cause } from '../finding.ts';

/** A host that is to pass on what comes for the networks behind it, and does not. */
export const forwardingOff: Cause = {
  name: 'forwarding-off',
  title: 'forwarding that is off',
  judge: (evidence) =>
    evidence.ends.flatMap((end) => {
      const { wanted, survey, link } = end;
      if (link === undefined || !wanted.forwarding) return [];
      const families = [...new Set(wanted.networks.map(familyOf))];
      return families.flatMap((family) => {
        const own = `net/ipv${family}/conf/${wanted.device}/forwarding`;
        if (survey.settings.get(own) !== '0') return [];
        const all = family === 4 ? 'net/ipv4/ip_forward' : 'net/ipv6/conf/all/forwarding';
        const isAllOff = (survey.settings.get(all) ?? '0') === '0';
        const path = isAllOff ? all : own;
        return [
          {
            cause: 'forwarding-off' as const,
            host: wanted.host,
            certainty: 'proved' as const,
            message: `it does not forward what comes out of ${wanted.device} to ${wanted.networks.filter((to) => familyOf(to) === family).join(', ')}`,
            evidence: [`${path} is 0`],
            cures: [setting(end, path, '1')],
          },
        ];
      });
    }),
};
