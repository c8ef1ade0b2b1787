import { familyOf } from '../../domain/address.ts';
import { problemAt } from '../problem.ts';
import type { Check } from './landscape.ts';

/** Fields that are right one by one, and that the kernel refuses together. */
export const checkModeFields: Check = ({ tunnels }, report) => {
  for (const tunnel of tunnels) {
    for (const { field, message, hint } of tunnel.mode.faults?.(tunnel) ?? []) {
      report(
        problemAt(tunnel.fields.get(field) ?? tunnel.at, { code: 'inventory.fields-disagree', message: `tunnel ${tunnel.name} ${message}`, hint }),
      );
    }
  }
};

/** Inner addresses and networks that the mode itself would not carry. */
export const checkModeAddresses: Check = ({ endsByHost }, report) => {
  for (const { tunnel, end, local } of [...endsByHost.values()].flat()) {
    for (const { value, at } of end.addresses) {
      const fault = tunnel.mode.addressFault?.(value, local);
      if (fault !== undefined) report(problemAt(at, { code: 'inventory.isatap-address', ...fault }));
    }
    const { withoutNetworks } = tunnel.mode;
    const networks = [end.fields.get('networks'), end.fields.get('routes')].filter((at) => at !== undefined);
    if (withoutNetworks === undefined) continue;
    const { message, hint } = withoutNetworks;
    for (const at of networks) report(problemAt(at, { code: 'inventory.isatap-network', message: `tunnel ${tunnel.name} ${message}`, hint }));
  }
};

/** Where the mode has outer packets of both families, a tunnel has one of them. */
export const checkOuterFamilies: Check = ({ tunnels }, report) => {
  for (const { ends, name } of tunnels) {
    const [first, second] = ends.map(({ local, public: outside }) => local ?? outside);
    if (first === undefined || second === undefined || familyOf(first.value) === familyOf(second.value)) continue;
    const message = `tunnel ${name} has an IPv${familyOf(first.value)} address at one end, and ${second.value} at the other`;
    report(problemAt(second.at, { code: 'inventory.wrong-family', message, hint: 'Write outer addresses of one family at both ends.' }));
  }
};
