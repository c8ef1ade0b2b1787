import { familyOf } from '../../domain/address.ts';
import { quoteAll } from '../../shell/quote.ts';
import type { Chain, Rule } from './ruleset.ts';
import type { Meeting, Packet, Stop } from './walk.ts';

/** The command that lets a packet through where it was stopped, and nothing else: a rule before the one that stops it. */
export function allowCommand({ chain, rule }: Stop, packet: Packet, meeting: Meeting): string {
  return chain.tool === 'nft' ? nftCommand(chain, rule, nftWords(packet, meeting)) : iptablesCommand(chain, rule, iptablesWords(packet, meeting));
}

function nftCommand({ family, table, name }: Chain, rule: Rule | undefined, words: readonly string[]): string {
  const place = rule === undefined ? ['add', 'rule', family, table, name] : ['insert', 'rule', family, table, name, 'handle', String(rule.handle)];
  return quoteAll(['nft', ...place, ...words, 'accept']);
}

function nftWords({ protocol, from, to, port, icmp }: Packet, { hook, device }: Meeting): readonly string[] {
  const ip = familyOf(from) === 4 ? 'ip' : 'ip6';
  const isOutward = hook === 'output' || hook === 'postrouting';
  const inside = icmp === undefined || device === undefined ? [] : [isOutward ? 'oifname' : 'iifname', `"${device}"`];
  const ends = isOutward ? [ip, 'daddr', to] : [ip, 'saddr', from];
  return [...inside, ...ends, ...(port === undefined ? ['meta', 'l4proto', String(protocol)] : ['udp', 'dport', String(port)])];
}

function iptablesCommand({ tool, table, name }: Chain, rule: Rule | undefined, words: readonly string[]): string {
  const place = rule === undefined ? ['-A', name] : ['-I', name, String(rule.handle)];
  return quoteAll([tool, ...(table === 'filter' ? [] : ['-t', table]), ...place, ...words, '-j', 'ACCEPT']);
}

function iptablesWords({ protocol, from, to, port, icmp }: Packet, { hook, device }: Meeting): readonly string[] {
  const isOutward = hook === 'output' || hook === 'postrouting';
  const inside = icmp === undefined || device === undefined ? [] : [isOutward ? '-o' : '-i', device];
  const ends = isOutward ? ['-d', to] : ['-s', from];
  return [...inside, ...ends, '-p', String(protocol), ...(port === undefined ? [] : ['--dport', String(port)])];
}

/** «rule `meta l4proto gre drop` (inet filter input, handle 4)», or the policy of a chain. */
export function stopWords({ chain, rule }: Stop): string {
  const { tool, family, table, name } = chain;
  if (rule === undefined) return tool === 'nft' ? `the policy of ${family} ${table} ${name}` : `the policy of ${name} (${tool} -t ${table})`;
  if (tool === 'nft') return `the rule «${rule.text}» (nft ${family} ${table} ${name}, handle ${rule.handle})`;
  return `the rule «${rule.text}» (${tool} -t ${table}, number ${rule.handle} of ${name})`;
}
