import { lineOf, problemAt } from '../problem.ts';
import { type EndView, nameOf } from './end-view.ts';
import type { Check } from './landscape.ts';

/** fou hands all that comes to a port to one protocol, so what is carried has to be one. */
export const checkEncapsulation: Check = ({ tunnels }, report) => {
  for (const { encap, mode, name, fields, at, ends, ...options } of tunnels) {
    if (encap?.type === 'fou' && mode.encapsulated !== undefined && mode.encapsulated(options) === undefined) {
      const message = `tunnel ${name} has encap of type fou, which carries one protocol, and mode ${mode.name} carries several here`;
      const hint = 'Write «type: gue», or a `proto` that is one of them.';
      report(problemAt(fields.get('encap') ?? at, { code: 'inventory.fields-disagree', message, hint }));
    }
    for (const end of encap === undefined ? ends : []) {
      const place = end.fields.get('public_port');
      if (place === undefined) continue;
      const message = `${end.host.value} of tunnel ${name} has public_port, and the tunnel no encap that has ports`;
      report(problemAt(place, { code: 'inventory.fields-disagree', message, hint: 'Add `encap` to the tunnel, or remove it.' }));
    }
  }
};

/** What starts a tunnel at boot makes links, addresses and routes, and neither ports nor firewall rules. */
export const checkPersisted: Check = ({ tunnels }, report) => {
  for (const { persist, encap, mssClamp, name, fields, at } of tunnels) {
    const what = encap !== undefined ? 'encap' : mssClamp !== undefined ? 'mss_clamp' : undefined;
    if (persist === undefined || what === undefined) continue;
    const message = `tunnel ${name} has persist and ${what}, which would not be there after a reboot`;
    report(problemAt(fields.get('persist') ?? at, { code: 'inventory.fields-disagree', message, hint: 'Leave one of them out.' }));
  }
};

/** Several tunnels of a host may receive on one port where it takes out the same for each. */
export const checkPorts: Check = ({ endsByHost }, report) => {
  for (const views of endsByHost.values()) {
    const seen = new Map<number, EndView>();
    for (const view of views) {
      const { encap } = view.tunnel;
      if (encap === undefined) continue;
      const first = seen.get(encap.port) ?? view;
      seen.set(encap.port, first);
      if (takenOut(first) === takenOut(view)) continue;
      const message = `${nameOf(view)} would receive ${takenOut(view)} on port ${encap.port}, which is for ${takenOut(first)} of tunnel ${first.tunnel.name} (${lineOf(first.end.host.at)})`;
      report(problemAt(view.end.host.at, { code: 'inventory.duplicate-port', message, hint: 'Give the tunnels ports of their own.' }));
    }
  }
};

function takenOut({ tunnel: { encap, mode, ...options } }: EndView): string {
  return encap?.type === 'gue' ? 'gue' : `fou of IP protocol ${mode.encapsulated?.(options) ?? 'any'}`;
}
