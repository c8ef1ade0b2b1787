import { readSections, sectionScript } from '../facts/fact.ts';
import { type CapturedPacket, drainCapture, readCapture } from './capture.ts';
import { parseIptables } from './firewall/iptables-rules.ts';
import { parseNft } from './firewall/nft-rules.ts';
import type { Ruleset } from './firewall/ruleset.ts';

/** What a device counted since it was made (net/core/net-procfs.c). */
export interface DeviceCounters {
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  /** A tunnel's: packets out of sequence. */
  readonly rxFifo: number;
  /** Checksum errors among others. */
  readonly rxFrame: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
  /** A tunnel's: packets that would have gone into the tunnel again. */
  readonly txCollisions: number;
  /** A tunnel's: packets with no way to the peer. */
  readonly txCarrier: number;
}

/** The counters of one host at one moment. */
export interface Look {
  readonly devices: ReadonlyMap<string, DeviceCounters>;
  /** `Icmp.InDestUnreachs`, `TcpExt.IPReversePathFilter`, `Icmp6InDestUnreachs`, `XfrmInNoStates`. */
  readonly counters: ReadonlyMap<string, number>;
  readonly firewall: Ruleset;
  /** Lines of /proc/net/nf_conntrack that may be the tunnel's. */
  readonly connections: readonly string[];
}

/**
 * Reads everything that counts packets, and what was captured since; changes nothing and loads no module.
 *
 * `nft list` and `iptables-save` would load what they list, so each is asked only where its modules are there, built in, or can never come.
 */
export const lookScript = [
  sectionScript('captured', drainCapture),
  sectionScript('devices', 'cat /proc/net/dev'),
  sectionScript(
    'counters',
    "grep -shE '^(Icmp|TcpExt):|^Icmp6InTimeExcds|^Xfrm' /proc/net/snmp /proc/net/netstat /proc/net/snmp6 /proc/net/xfrm_stat",
  ),
  sectionScript(
    'nft',
    `tunorch_has() { [ ! -e /proc/modules ] || [ -d "/sys/module/$1" ] || grep -q "^$1 " /proc/modules || grep -q "/$1\\.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null; }
if tunorch_has nf_tables; then nft -a list ruleset 2>/dev/null && echo '@read' || echo '@unreadable'; fi`,
  ),
  sectionScript(
    'iptables',
    `tunorch_tables() { if command -v "$1" >/dev/null; then echo "@tool $2"; "$1" -c 2>/dev/null && echo '@read' || echo '@unreadable'; fi; }
if tunorch_has nf_tables && command -v iptables-nft-save >/dev/null; then tunorch_tables iptables-nft-save iptables; tunorch_tables ip6tables-nft-save ip6tables; fi
if [ -n "$(cat /proc/net/ip_tables_names 2>/dev/null)" ]; then
  if command -v iptables-legacy-save >/dev/null; then tunorch_tables iptables-legacy-save iptables-legacy; else tunorch_tables iptables-save iptables; fi
fi
if [ -n "$(cat /proc/net/ip6_tables_names 2>/dev/null)" ]; then
  if command -v ip6tables-legacy-save >/dev/null; then tunorch_tables ip6tables-legacy-save ip6tables-legacy; else tunorch_tables ip6tables-save ip6tables; fi
fi`,
  ),
  sectionScript('connections', "[ ! -e /proc/net/nf_conntrack ] || grep -E ' (gre|unknown|udp|udplite) ' /proc/net/nf_conntrack | head -n 100"),
  ':',
].join('\n');

/** A look and the packets captured before it. @throws Error - it is not what {@link lookScript} prints */
export function readLook(output: string): { readonly look: Look; readonly packets?: readonly CapturedPacket[] } {
  const sections = readSections(output);
  const section = (name: string): string => {
    const text = sections.get(name);
    if (text === undefined) throw new Error(`the section «${name}» is missing`);
    return text;
  };
  const packets = readCapture(section('captured'));
  const look = {
    devices: parseDevices(section('devices')),
    counters: parseCounters(section('counters')),
    firewall: joined(parseNft(section('nft')), parseIptables(section('iptables'))),
    connections: section('connections')
      .split('\n')
      .filter((line) => line.trim() !== ''),
  };
  return packets === undefined ? { look } : { look, packets };
}

/** iptables of today are tables of nft as well: what iptables says of them itself is what a person can act upon. */
function joined(nft: Ruleset, iptables: Ruleset): Ruleset {
  const own = new Set(iptables.chains.map(({ family, table, name }) => `${family} ${table} ${name}`));
  return {
    isReadable: nft.isReadable && iptables.isReadable,
    chains: [...nft.chains.filter(({ family, table, name }) => !own.has(`${family} ${table} ${name}`)), ...iptables.chains],
    sets: nft.sets,
  };
}

const COLUMNS = {
  rxPackets: 1,
  rxErrors: 2,
  rxDropped: 3,
  rxFifo: 4,
  rxFrame: 5,
  txPackets: 9,
  txErrors: 10,
  txDropped: 11,
  txCollisions: 13,
  txCarrier: 14,
} as const satisfies Record<keyof DeviceCounters, number>;

function parseDevices(section: string): Look['devices'] {
  const rows = section.split('\n').flatMap((line) => {
    const [, name, values] = /^\s*(\S+):\s*([\d\s]+)$/.exec(line) ?? [];
    return name === undefined || values === undefined ? [] : [[name, values.trim().split(/\s+/).map(Number)] as const];
  });
  return new Map(rows.map(([name, values]) => [name, countersOf(values)]));
}

function countersOf(values: readonly number[]): DeviceCounters {
  return Object.fromEntries(Object.entries(COLUMNS).map(([name, column]) => [name, values[column] ?? 0])) as unknown as DeviceCounters;
}

/** Pairs of lines, `Icmp: InMsgs …` and `Icmp: 12 …`, and lines of one name and its number. */
function parseCounters(section: string): Look['counters'] {
  const counters = new Map<string, number>();
  let heading: readonly string[] = [];
  for (const line of section.split('\n')) {
    const [group = '', ...words] = line.trim().split(/\s+/);
    if (/^\w+:$/.test(group) && heading[0] === group) {
      for (const [index, value] of words.entries()) counters.set(`${group.slice(0, -1)}.${heading[index + 1] ?? ''}`, Number(value));
      heading = [];
    } else if (/^\w+:$/.test(group)) heading = [group, ...words];
    else if (words.length === 1 && /^\d+$/.test(words[0] ?? '')) counters.set(group, Number(words[0]));
  }
  return counters;
}
