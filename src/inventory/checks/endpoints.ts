import { didYouMean } from '../nearest.ts';
import { problemAt } from '../problem.ts';
import type { Check } from './landscape.ts';

/** Every endpoint is a host of the inventory. */
export const checkEndpointHosts: Check = ({ tunnels, hosts, groupNames }, report) => {
  for (const { ends, name } of tunnels) {
    for (const { host } of ends) {
      if (hosts.has(host.value)) continue;
      const hint = groupNames.has(host.value)
        ? `«${host.value}» is a group. Name one host of it.`
        : didYouMean(host.value, hosts.keys(), 'Add it under «hosts», or name a host that is there.');
      report(
        problemAt(host.at, {
          code: 'inventory.unknown-host',
          message: `tunnel ${name} ends on «${host.value}», which is no host of the inventory`,
          hint,
        }),
      );
    }
  }
};
