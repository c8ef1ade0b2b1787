import { type Chain, type Hook, type Match, protocolNumber, type Rule, type Ruleset, type Tool, type Verdict } from './ruleset.ts';

/** Reads what `iptables-save -c` and its siblings printed, each under the tool that would change it (iptables-save(8)). */
export function parseIptables(section: string): Ruleset {
  const parts = section.split(/^@tool /m).slice(1);
  return { isReadable: !/^@unreadable$/m.test(section), chains: parts.flatMap(chainsOf), sets: new Map() };
}

function chainsOf(part: string): readonly Chain[] {
  const [tool = '', ...lines] = part.split('\n').map((line) => line.trim());
  const chains = new Map<string, Chain & { rules: Rule[] }>();
  const family = tool.startsWith('ip6') ? 'ip6' : 'ip';
  let table = '';
  for (const line of lines) {
    const [, name = '', policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (line.startsWith('*')) table = line.slice(1);
    else if (policy !== undefined) chains.set(`${table} ${name}`, { ...headOf({ tool: tool as Tool, family, table, name }, policy), rules: [] });
    else {
      const rule = /^(?:\[(\d+):\d+\] )?(-A (\S+)(?: .*)?)$/.exec(line);
      const chain = chains.get(`${table} ${rule?.[3] ?? ''}`);
      if (rule !== null && chain !== undefined) chain.rules.push(ruleOf(rule[2] ?? '', { handle: chain.rules.length + 1, packets: rule[1] }));
    }
  }
  return [...chains.values()];
}

const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

function headOf(place: Pick<Chain, 'tool' | 'family' | 'table' | 'name'>, policy: string): Omit<Chain, 'rules'> {
  const hook = HOOKS[place.name];
  return hook === undefined || policy === '-' ? place : { ...place, hook, policy: policy === 'DROP' ? 'drop' : 'accept' };
}

function ruleOf(text: string, { handle, packets }: { readonly handle: number; readonly packets: string | undefined }): Rule {
  const words = (text.match(/"[^"]*"|\S+/g) ?? []).slice(2);
  const target = words.findIndex((word) => word === '-j' || word === '-g');
  const asked = target === -1 ? words : words.slice(0, target);
  return {
    text,
    handle,
    matches: asked.flatMap((word, at) => matchOf(word, asked[at + 1] ?? '', asked[at - 1] === '!')),
    ...(packets === undefined ? {} : { packets: Number(packets) }),
    verdict: target === -1 ? { kind: 'continue' } : verdictOf(words[target] ?? '', words[target + 1] ?? ''),
  };
}

function matchOf(word: string, value: string, isNegated: boolean): readonly Match[] {
  if (!word.startsWith('-') || QUIET.has(word)) return [];
  const match: Match = MATCHES[word]?.(value) ?? { kind: 'unknown' };
  return [isNegated ? { ...match, isNegated } : match];
}

/** `-m conntrack` and the like only announce what follows; a comment asks nothing. */
const QUIET: ReadonlySet<string> = new Set(['-m', '--comment']);

const MATCHES: Readonly<Record<string, (value: string) => Match>> = {
  '-p': (value) => ({ kind: 'protocol', protocols: [protocolNumber(value)] }),
  '-s': (value) => ({ kind: 'source', addresses: [value] }),
  '-d': (value) => ({ kind: 'destination', addresses: [value] }),
  '-i': (value) => ({ kind: 'in', devices: [value.replace(/\+$/, '*')] }),
  '-o': (value) => ({ kind: 'out', devices: [value.replace(/\+$/, '*')] }),
  '--ctstate': (value) => ({ kind: 'state', states: value.toLowerCase().split(',') }),
  '--state': (value) => ({ kind: 'state', states: value.toLowerCase().split(',') }),
  '--icmp-type': (value) => ({ kind: 'icmp', types: [value] }),
  '--icmpv6-type': (value) => ({ kind: 'icmp', types: [value] }),
  '--dport': (value) => ({ kind: 'port', ports: [value.replace(':', '-')] }),
  '--dports': (value) => ({ kind: 'port', ports: value.split(',').map((port) => port.replace(':', '-')) }),
};

/** Targets that let the packet go on to the next rule (iptables-extensions(8)). */
const GOING_ON: ReadonlySet<string> = new Set([
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'TCPMSS',
  'TOS',
  'DSCP',
  'TTL',
  'TRACE',
  'CT',
  'NOTRACK',
  'CHECKSUM',
]);

function verdictOf(option: string, target: string): Verdict {
  if (target === 'ACCEPT' || target === 'DROP' || target === 'REJECT' || target === 'RETURN') {
    return { kind: target.toLowerCase() as 'accept' | 'drop' | 'reject' | 'return' };
  }
  if (GOING_ON.has(target)) return { kind: 'continue' };
  return { kind: option === '-g' ? 'goto' : 'jump', chain: target };
}
