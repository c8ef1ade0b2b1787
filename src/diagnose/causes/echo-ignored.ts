import { familyOf } from '../../domain/address.ts';
import { setting } from '../cures.ts';
import { arrivedInside, silentWays } from '../evidence.ts';
import type { Cause } from '../finding.ts';

const SWITCHES = { 4: 'net/ipv4/icmp_echo_ignore_all', 6: 'net/ipv6/icmp/echo_ignore_all' } as const;

/** The peer answers no ping at all, by its own setting; everything else crosses. */
export const echoIgnored: Cause = {
  name: 'echo-ignored',
  title: 'a host that ignores pings',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const silent = way.echoes.filter(({ sort, received }) => sort === 'echo' && received === 0);
      const off = [...new Set(silent.map(({ target }) => SWITCHES[familyOf(target)]))].filter((path) => way.to.survey.settings.get(path) === '1');
      if (off.length === 0 || arrivedInside(way) === 0) return [];
      return [
        {
          cause: 'echo-ignored',
          host: way.to.wanted.host,
          certainty: 'proved',
          message: `it is set to answer no pings, so nothing can be told by them: ${off.map((path) => `${path}=1`).join(', ')}`,
          evidence: [`${arrivedInside(way)} packets came out of ${way.to.wanted.device} there`],
          cures: off.map((path) => setting(way.to, path, '0')),
        },
      ];
    }),
};
