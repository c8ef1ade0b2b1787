import type { FouPort } from '../domain/encapsulation.ts';
import type { Fact } from './fact.ts';

/** Ports on which the kernel takes packets out of UDP; asked for where a tunnel needs one, or a link's alias says that tunorch made one. Loads nothing. */
export const fouPorts: Fact<readonly FouPort[], boolean> = {
  name: 'fou-ports',
  snippet: (isWanted) =>
    isWanted ? 'ip fou show 2>/dev/null; :' : "! grep -qs 'tunorch:.*,fou6*=' /sys/class/net/*/ifalias || ip fou show 2>/dev/null; :",
  parse: (section) =>
    [...section.matchAll(/^port (\d+) (?:ipproto (\d+)|gue)( -6)?/gm)].map(([, port, protocol, six]) => ({
      port: Number(port),
      family: six === undefined ? 4 : 6,
      protocol: protocol === undefined ? 'gue' : Number(protocol),
    })),
};
