import { describe, expect, it } from 'vitest';
import { allowCommand, stopWords } from '../../../src/diagnose/firewall/allow.ts';
import { parseIptables } from '../../../src/diagnose/firewall/iptables-rules.ts';
import { parseNft } from '../../../src/diagnose/firewall/nft-rules.ts';
import type { Ruleset } from '../../../src/diagnose/firewall/ruleset.ts';
import { type Meeting, type Packet, stopsOf } from '../../../src/diagnose/firewall/walk.ts';

const GRE: Packet = { protocol: 47, from: '30.1.1.1', to: '30.1.1.2' };
const ECHO: Packet = { protocol: 1, from: '10.9.0.1', to: '10.9.0.2', icmp: 'request' };
const COMING: Meeting = { hook: 'input', device: 'eth1', state: 'new' };

/** One input chain of nft with these rules. */
function nft(rules: readonly string[], { policy = 'accept', before = '' }: { readonly policy?: string; readonly before?: string } = {}): Ruleset {
  const lines = rules.map((rule, index) => `\t\t${rule} # handle ${index + 10}`);
  return parseNft(
    `table inet filter { # handle 1\n${before}\tchain input { # handle 2\n\t\ttype filter hook input priority filter; policy ${policy};\n${lines.join('\n')}\n\t}\n}\n@read\n`,
  );
}

function iptables(lines: string, tool = 'iptables'): Ruleset {
  return parseIptables(`@tool ${tool}\n*filter\n${lines}\nCOMMIT\n@read\n`);
}

/** Each stop as its words and whether it is certain. */
function stopped(ruleset: Ruleset, packet: Packet = GRE, meeting: Meeting = COMING): readonly string[] {
  return stopsOf(ruleset, packet, meeting).map((stop) => `${stop.isCertain ? '' : 'maybe '}${stop.verdict} by ${stopWords(stop)}`);
}

describe('a firewall of nft', () => {
  it.each([
    ['meta l4proto gre drop', true],
    ['ip protocol 47 counter packets 3 bytes 300 drop', true],
    ['meta l4proto { tcp, gre } drop', true],
    ['meta l4proto != { tcp, udp, icmp } drop', true],
    ['ip saddr 30.1.1.0/24 drop', true],
    ['ip saddr { 9.9.9.9, 30.1.1.0-30.1.1.9 } ip daddr 30.1.1.2 drop', true],
    ['iifname "eth*" meta l4proto 47 drop', true],
    ['iifname != "lo" drop', true],
    ['ct state new,invalid meta l4proto gre drop', true],
    ['ct state vmap { established : accept, new : drop }', true],
    ['log prefix "gone: " level info meta l4proto gre drop', true],
    ['meta nfproto ipv4 meta l4proto gre reject with icmp type admin-prohibited', true],
    ['meta l4proto ipencap drop', false],
    ['tcp dport 47 drop', false],
    ['udp dport { 47, 4789 } drop', false],
    ['icmp type echo-request drop', false],
    ['ip saddr != 30.1.1.1 drop', false],
    ['ip6 saddr fd00::/8 drop', false],
    ['iifname "wan0" drop', false],
    ['oifname "eth1" drop', false],
    ['ct state established drop', false],
    ['ct state vmap { established : accept, invalid : drop }', false],
  ])('«%s» stops GRE: %s', (rule, isStopped) => {
    expect(stopped(nft([rule]))).toHaveLength(isStopped ? 1 : 0);
    expect(stopsOf(nft([rule]), GRE, COMING).every(({ isCertain }) => isCertain)).toBe(true);
  });

  it('says maybe where it does not know a word', () => {
    expect(stopped(nft(['meta l4proto gre limit rate 5/second drop']))).toEqual([
      'maybe drop by the rule «meta l4proto gre limit rate 5/second drop» (nft inet filter input, handle 10)',
    ]);
    expect(stopped(nft(['meta mark 7 accept', 'meta l4proto gre drop']))[0]).toMatch(/^maybe drop/);
  });

  it('lets through what an earlier rule accepts', () => {
    expect(stopped(nft(['meta l4proto gre accept', 'meta l4proto gre drop']))).toEqual([]);
    expect(stopped(nft(['meta mark 7 accept', 'meta l4proto gre accept'], { policy: 'drop' }))).toEqual([]);
  });

  it('drops by its policy what no rule accepts', () => {
    expect(stopped(nft(['ct state established,related accept'], { policy: 'drop' }))).toEqual(['drop by the policy of inet filter input']);
  });

  it('follows jumps, and comes back from them', () => {
    const before = '\tchain guard {\n\t\tmeta l4proto icmp accept # handle 5\n\t\tmeta l4proto gre drop # handle 6\n\t}\n';
    expect(stopped(nft(['jump guard'], { before }))).toEqual(['drop by the rule «meta l4proto gre drop» (nft inet filter guard, handle 6)']);
    expect(stopped(nft(['jump guard'], { before }), ECHO)).toEqual([]);
    const returning = '\tchain guard {\n\t\treturn # handle 5\n\t}\n';
    expect(stopped(nft(['jump guard', 'drop'], { before: returning }))).toEqual(['drop by the rule «drop» (nft inet filter input, handle 11)']);
  });

  it('looks into named sets, whose elements may stand on several lines', () => {
    const before =
      '\tset bad { # handle 3\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 9.9.9.9,\n\t\t\t     30.1.1.0/24 timeout 5m }\n\t}\n';
    expect(stopped(nft(['ip saddr @bad drop'], { before }))).toHaveLength(1);
    expect(stopped(nft(['ip saddr @good drop'], { before }))[0]).toMatch(/^maybe/);
  });

  it('is cured by a rule before the one that stops it, or behind all others where it is the policy', () => {
    const [rule] = stopsOf(nft(['meta l4proto gre drop']), GRE, COMING);
    const [policy] = stopsOf(nft([], { policy: 'drop' }), GRE, COMING);
    const [inside] = stopsOf(nft(['icmp type echo-request drop']), ECHO, { ...COMING, device: 'gre1' });
    expect([rule, policy].map((stop) => stop && allowCommand(stop, GRE, COMING))).toEqual([
      'nft insert rule inet filter input handle 10 ip saddr 30.1.1.1 meta l4proto 47 accept',
      'nft add rule inet filter input ip saddr 30.1.1.1 meta l4proto 47 accept',
    ]);
    expect(inside && allowCommand(inside, ECHO, { ...COMING, device: 'gre1' })).toBe(
      `nft insert rule inet filter input handle 10 iifname '"gre1"' ip saddr 10.9.0.1 meta l4proto 1 accept`,
    );
  });
});

describe('a firewall of iptables', () => {
  const LINES = `:INPUT DROP [0:0]
:guard - [0:0]
[9:900] -A INPUT -i lo -j ACCEPT
[9:900] -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[4:400] -A INPUT -s 30.1.0.0/16 -m comment --comment "a -j DROP" -j guard
[3:300] -A guard ! -p tcp -j LOG --log-prefix "x "
[3:300] -A guard -p gre -j REJECT --reject-with icmp-admin-prohibited`;

  it('names the rule by its number in its chain', () => {
    expect(stopped(iptables(LINES))).toEqual([
      'reject by the rule «-A guard -p gre -j REJECT --reject-with icmp-admin-prohibited» (iptables -t filter, number 2 of guard)',
    ]);
    expect(stopped(iptables(LINES), { ...GRE, from: '99.1.1.1' })).toEqual(['drop by the policy of INPUT (iptables -t filter)']);
    expect(stopped(iptables(LINES), GRE, { ...COMING, state: 'established' })).toEqual([]);
  });

  it('is asked of its own family only', () => {
    expect(stopped(iptables(':INPUT DROP [0:0]', 'ip6tables'))).toEqual([]);
    expect(stopped(iptables(':INPUT DROP [0:0]', 'ip6tables'), { protocol: 47, from: 'fd00::1', to: 'fd00::2' })).toHaveLength(1);
  });

  it('is cured by a rule with the number of the one that stops it', () => {
    const [stop] = stopsOf(iptables(LINES), GRE, COMING);
    expect(stop && allowCommand(stop, GRE, COMING)).toBe('iptables -I guard 2 -s 30.1.1.1 -p 47 -j ACCEPT');
  });
});

it('says where rules could not be read', () => {
  expect(parseNft('@unreadable\n').isReadable).toBe(false);
  expect(parseIptables('@tool iptables\n@unreadable\n').isReadable).toBe(false);
  expect(parseNft('').isReadable).toBe(true);
});
