import { matchWords } from './nft-words.ts';
import type { Chain, Hook, Rule, Ruleset } from './ruleset.ts';

/** Reads `nft -a list ruleset` (nft(8)): the text form, because it is there without JSON support and is what a person sees. */
export function parseNft(section: string): Ruleset {
  const chains: Chain[] = [];
  const sets = new Map<string, readonly string[]>();
  for (const { family, table, kind, name, lines } of blocksOf(section)) {
    if (kind === 'chain') chains.push(chainOf({ family, table, name }, lines));
    else sets.set(`${family} ${table} ${name}`, elementsOf(lines.join(' ')));
  }
  return { isReadable: !/^@unreadable$/m.test(section), chains, sets };
}

interface Block {
  readonly family: string;
  readonly table: string;
  readonly kind: 'chain' | 'set';
  readonly name: string;
  readonly lines: readonly string[];
}

/** Tables hold chains and sets, one level deeper; each of them ends with a brace at its own level. */
function blocksOf(section: string): readonly Block[] {
  return section
    .split(/^table /m)
    .slice(1)
    .flatMap((text) => {
      const [, family = '', table = ''] = /^(\S+) (\S+) \{/.exec(text) ?? [];
      return [...text.matchAll(/^\t(chain|set|map) (\S+) \{[^\n]*\n(.*?)^\t\}/gms)].map(([, kind, name = '', body = '']) => ({
        family,
        table,
        kind: kind === 'chain' ? ('chain' as const) : ('set' as const),
        name,
        lines: body.split('\n').map((line) => line.trim()),
      }));
    });
}

function chainOf(place: Pick<Chain, 'family' | 'table' | 'name'>, lines: readonly string[]): Chain {
  const head = lines.find((line) => line.startsWith('type ')) ?? '';
  const hook = / hook (\w+)/.exec(head)?.[1] as Hook | undefined;
  const policy = /policy (accept|drop)/.exec(head)?.[1] as Chain['policy'];
  return {
    tool: 'nft',
    ...place,
    ...(hook === undefined ? {} : { hook }),
    ...(hook === undefined ? {} : { policy: policy ?? 'accept' }),
    rules: lines.filter((line) => / # handle \d+$/.test(line)).flatMap(rulesOf),
  };
}

/** One rule; or several of one handle, where it has a verdict map. */
function rulesOf(line: string): readonly Rule[] {
  const [, text = '', handle] = /^(.*?) # handle (\d+)$/.exec(line) ?? [];
  const packets = /counter packets (\d+)/.exec(text)?.[1];
  return matchWords(text).map(({ matches, verdict }) => ({
    text: text.replace(/ ?counter packets \d+ bytes \d+/, ''),
    handle: Number(handle),
    matches,
    ...(packets === undefined ? {} : { packets: Number(packets) }),
    verdict,
  }));
}

/** `elements = { 10.0.0.1, 10.1.0.0/16 timeout 5m, 10.2.0.1-10.2.0.9 }`. */
function elementsOf(text: string): readonly string[] {
  const inside = /elements = \{(.*?)\}/.exec(text)?.[1] ?? '';
  return inside
    .split(',')
    .map((element) => element.trim().split(/\s+/)[0] ?? '')
    .filter((element) => element !== '');
}
