import type { Family, Prefix } from '../../domain/address.ts';

/** All that netfilter was told on one host, of nft and of iptables. */
export interface Ruleset {
  /** Whether everything that is there could be read; listing rules takes root. */
  readonly isReadable: boolean;
  readonly chains: readonly Chain[];
  /** Elements of the named sets of nft, by `family table name`. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

export type Tool = 'nft' | 'iptables' | 'ip6tables' | 'iptables-legacy' | 'ip6tables-legacy';

export interface Chain {
  readonly tool: Tool;
  /** `ip`, `ip6`, `inet`, `netdev`, … as nft(8) has it. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Absent where packets come here by a jump only. */
  readonly hook?: Hook;
  readonly policy?: 'accept' | 'drop';
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** As the tool prints it, without counters and handle. */
  readonly text: string;
  /** The handle of nft, or the number of the rule in its chain as iptables counts them, from 1. */
  readonly handle: number;
  readonly matches: readonly Match[];
  /** Packets it took so far; absent where it does not count. */
  readonly packets?: number;
  readonly verdict: Verdict;
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** What a rule asks of a packet. `unknown` is everything that was not understood: it may hold or not. */
export type Match = { readonly isNegated?: true } & (
  | { readonly kind: 'protocol'; readonly protocols: readonly number[] }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'source' | 'destination'; readonly addresses: readonly (Prefix | string)[] }
  | { readonly kind: 'in' | 'out'; readonly devices: readonly string[] }
  | { readonly kind: 'state'; readonly states: readonly string[] }
  | { readonly kind: 'port'; readonly ports: readonly string[] }
  /** Types of ICMP or ICMPv6, as numbers or by the names of nft and iptables. */
  | { readonly kind: 'icmp'; readonly types: readonly string[] }
  | { readonly kind: 'unknown' }
);

/** Protocols by the names that nft and iptables print them by (/etc/protocols). */
const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = {
  icmp: 1,
  ipencap: 4,
  ipip: 4,
  ipv4: 4,
  '4': 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  icmp6: 58,
  sctp: 132,
  udplite: 136,
};

/** NaN where it is not known, which is no packet's. */
export function protocolNumber(name: string): number {
  return PROTOCOL_NUMBERS[name] ?? Number(name);
}

/** What two looks at the same rule have in common. */
export function ruleKey({ tool, family, table, name }: Chain, { handle }: Rule): string {
  return [tool, family, table, name, handle].join(' ');
}
