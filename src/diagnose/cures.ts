import type { IpAddress } from '../domain/address.ts';
import { quoteAll } from '../shell/quote.ts';
import type { EndEvidence, TunnelEvidence } from './evidence.ts';
import type { Cure } from './finding.ts';

/** What brings the tunnel to what the inventory says, typed where tunorch is run. */
export function convergence({ inventories, tunnel }: TunnelEvidence, words?: string): Cure {
  return { commands: [quoteAll(['tunorch', 'up', ...inventories, '-l', tunnel.name])], ...(words === undefined ? {} : { words }) };
}

/** What brings one host to what the inventory says, by hand; the whole tunnel where that takes more than this host. */
export function repair(evidence: TunnelEvidence, { wanted }: EndEvidence): Cure {
  const commands = evidence.repairs.get(wanted.host) ?? [];
  return commands.length === 0 ? convergence(evidence) : { host: wanted.host, commands };
}

/** A switch of the kernel, by its path below /proc/sys: names of devices may hold dots. */
export function setting({ wanted }: EndEvidence, path: string, value: string): Cure {
  return { host: wanted.host, commands: [quoteAll(['sysctl', '-w', `${path}=${value}`])] };
}

/** Makes the connection tracker of a host forget what it knows of packets of one protocol (conntrack(8)). */
export function forgetCommand({ protocol, from, to }: { readonly protocol: number; readonly from: IpAddress; readonly to?: IpAddress }): string {
  return quoteAll(['conntrack', '-D', '-p', String(protocol), '-s', from, ...(to === undefined ? [] : ['-d', to])]);
}
