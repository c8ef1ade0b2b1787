import { TUNNEL_NAME } from '../domain/tunnel.ts';

/**
 * What a link says of itself in its alias, `tunorch:<tunnel>[,<mark>…]`.
 *
 * A mark tells that forwarding was off before tunorch switched it on, and which devices had it on of their own, so that
 * removing the last such link can bring it back; it lives exactly as long as the running kernel's sysctl does.
 */
export interface Ownership {
  readonly tunnel: string;
  readonly marks: readonly ForwardingMark[];
}

export interface ForwardingMark {
  readonly name: 'ip_forward' | 'ipv6_forwarding';
  /** Devices whose own forwarding was on all the same. */
  readonly keepOn: readonly string[];
}

/** `IFALIASZ` of include/uapi/linux/if.h, less the final NUL. */
export const MOST_ALIAS_BYTES = 255;

export function formatAlias({ tunnel, marks }: Ownership): string {
  return [`tunorch:${tunnel}`, ...marks.map(({ name, keepOn }) => [`${name}=0`, ...keepOn].join(':'))].join(',');
}

/** Undefined where the link is not tunorch's: anybody who may set an alias may write anything there. */
export function parseAlias(alias: string | undefined): Ownership | undefined {
  if (alias === undefined || !alias.startsWith('tunorch:')) return undefined;
  const [tunnel = '', ...marks] = alias.slice('tunorch:'.length).split(',');
  return TUNNEL_NAME.test(tunnel) ? { tunnel, marks: marks.flatMap(parseMark) } : undefined;
}

function parseMark(text: string): readonly ForwardingMark[] {
  const match = /^(ip_forward|ipv6_forwarding)=0((?::[^:,]+)*)$/.exec(text);
  if (match === null) return [];
  return [{ name: match[1] as ForwardingMark['name'], keepOn: (match[2] ?? '').split(':').filter((device) => device !== '') }];
}
