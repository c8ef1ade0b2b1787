import type { Ports } from '../decode/encapsulations.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedLink } from '../domain/observed.ts';
import type { ModeName } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';

const UDP = 17;
const ESP = 50;

/** What carries each mode, as IP protocol numbers (IANA). */
const PROTOCOLS: Readonly<Record<ModeName, readonly number[]>> = {
  gre: [47],
  gretap: [47],
  ip6gre: [47],
  ip6gretap: [47],
  ipip: [4],
  sit: [41],
  isatap: [41],
  ip6tnl: [4, 41],
  vti: [50],
  vti6: [50],
  vxlan: [UDP],
};

const VXLAN_PORT = 4789;

/** What a firewall and a capture see of a tunnel. */
export interface Outer {
  readonly protocols: readonly number[];
  /** Where they are UDP. */
  readonly port?: number;
  /** `protocol 47`, `UDP port 4789`. */
  readonly words: string;
}

/** What the device of an end should be, and what it is where there is one. */
export interface End {
  readonly wanted: Endpoint;
  readonly link?: ObservedLink;
}

/** With `ipsec` the packets are ESP and with fou or gue UDP (ip-fou(8)), whatever the mode. */
export function outerOf({ wanted, link }: End): Outer {
  const encapPort = link === undefined ? wanted.encap?.destinationPort : link.attributes['encap-dport'];
  const port = typeof encapPort === 'number' ? encapPort : wanted.mode === 'vxlan' ? (wanted.port ?? VXLAN_PORT) : undefined;
  if (wanted.ipsec === true) return { protocols: [ESP], words: `protocol ${ESP}, ESP` };
  const protocols = port === undefined ? PROTOCOLS[wanted.mode] : [UDP];
  return { protocols, ...(port === undefined ? { words: `protocol ${protocols.join(' or ')}` } : { port, words: `UDP port ${port}` }) };
}

/** UDP ports the tunnel's packets come from or go to at one end, and what is on them. */
export function portsOf(end: End): Ports {
  const { wanted, link } = end;
  if (wanted.mode === 'vxlan') return new Map([[outerOf(end).port ?? VXLAN_PORT, 'vxlan']]);
  const { encap } = wanted;
  const ports = [encap?.sourcePort, encap?.destinationPort, link?.attributes['encap-sport'], link?.attributes['encap-dport']];
  const content = (encap?.type ?? link?.attributes.encap) === 'gue' ? 'gue' : modeOf(wanted.mode).encapsulated?.(wanted);
  return new Map(content === undefined ? [] : ports.filter((port) => typeof port === 'number').map((port) => [port, content] as const));
}

/** Keys of GRE by which a tunnel's packets are told from those of others between the same hosts: what either end should have, or has. `undefined` is none. */
export function keysOf(ends: readonly End[]): ReadonlySet<number | undefined> {
  const observed = ends.flatMap(({ link }) => (link === undefined ? [] : [link.attributes.ikey, link.attributes.okey]));
  return new Set(
    [...ends.flatMap(({ wanted }) => [wanted.ikey, wanted.okey]), ...observed].map((key) => (key === undefined ? undefined : Number(key))),
  );
}
