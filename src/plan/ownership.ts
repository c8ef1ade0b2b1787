import type { FouPort } from '../domain/encapsulation.ts';
import type { FirewallTool } from '../domain/mss-clamp.ts';
import { TUNNEL_NAME } from '../domain/tunnel.ts';

/**
 * What a link says of itself in its alias, `tunorch:<tunnel>[,<mark>…]`.
 *
 * Marks live exactly as long as what they speak of. That of forwarding tells that it was off before tunorch switched it on, and
 * which devices had it on of their own, so that removing the last such link can bring it back. That of the path tells what was
 * measured, so that a later run need not measure again to know the MTU the link should have. That of the segment size tells by
 * which program its rules were made, so that only hosts that have some are asked for them. That of a port tells that it was not
 * open before tunorch.
 */
export interface Ownership {
  readonly tunnel: string;
  readonly marks: readonly ForwardingMark[];
  /** Bytes the path between the hosts carries; left out: as much as their links. */
  readonly pathMtuBytes?: number;
  readonly mss?: FirewallTool;
  readonly fouPort?: FouPort;
}

export interface ForwardingMark {
  readonly name: 'ip_forward' | 'ipv6_forwarding';
  /** Devices whose own forwarding was on all the same. */
  readonly keepOn: readonly string[];
}

/** `IFALIASZ` of include/uapi/linux/if.h, less the final NUL. */
export const MOST_ALIAS_BYTES = 255;

export function formatAlias({ tunnel, marks, pathMtuBytes, mss, fouPort }: Ownership): string {
  return [
    `tunorch:${tunnel}`,
    ...(pathMtuBytes === undefined ? [] : [`path=${pathMtuBytes}`]),
    ...(mss === undefined ? [] : [`mss=${mss}`]),
    ...(fouPort === undefined ? [] : [portMark(fouPort)]),
    ...marks.map(({ name, keepOn }) => [`${name}=0`, ...keepOn].join(':')),
  ].join(',');
}

/** Undefined where the link is not tunorch's: anybody who may set an alias may write anything there. */
export function parseAlias(alias: string | undefined): Ownership | undefined {
  if (alias === undefined || !alias.startsWith('tunorch:')) return undefined;
  const [tunnel = '', ...marks] = alias.slice('tunorch:'.length).split(',');
  if (!TUNNEL_NAME.test(tunnel)) return undefined;
  const path = valueIn(marks, /^path=(\d{1,5})$/);
  const fouPort = marks.flatMap(parsePort)[0];
  const mss = valueIn(marks, /^mss=(nft|iptables)$/);
  return {
    tunnel,
    marks: marks.flatMap(parseMark),
    ...(path === undefined ? {} : { pathMtuBytes: Number(path) }),
    ...(mss === undefined ? {} : { mss: mss as FirewallTool }),
    ...(fouPort === undefined ? {} : { fouPort }),
  };
}

/** `fou=5555:47`, `fou6=5555:gue`: of IPv4 and IPv6, with the protocol that is taken out. */
export function portMark({ port, family, protocol }: FouPort): string {
  return `fou${family === 6 ? '6' : ''}=${port}:${protocol}`;
}

function parsePort(text: string): readonly FouPort[] {
  const match = /^fou(6?)=(\d{1,5}):(\d{1,3}|gue)$/.exec(text);
  if (match === null) return [];
  return [{ port: Number(match[2]), family: match[1] === '6' ? 6 : 4, protocol: match[3] === 'gue' ? 'gue' : Number(match[3]) }];
}

function valueIn(marks: readonly string[], pattern: RegExp): string | undefined {
  return marks.map((mark) => pattern.exec(mark)?.[1]).find((value) => value !== undefined);
}

function parseMark(text: string): readonly ForwardingMark[] {
  const match = /^(ip_forward|ipv6_forwarding)=0((?::[^:,]+)*)$/.exec(text);
  if (match === null) return [];
  return [{ name: match[1] as ForwardingMark['name'], keepOn: (match[2] ?? '').split(':').filter((device) => device !== '') }];
}
