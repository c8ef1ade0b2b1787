import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestTerminal } from '../support/terminal.ts';
import { pictureOf } from '../support/terminal-picture.ts';
import { PATIENCE_MS, PROGRAM, writeInventory } from './namespace-runs.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from './namespaces.ts';

const PICTURE = join(import.meta.dirname, '../../.github/screen.svg');
const SIZE = { columns: 104, rows: 40 };
const CITIES = ['amsterdam', 'berlin', 'cracow', 'dublin'];

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: README's picture of the screen: ${obstacle}\n\n`);

/** What every run of the same tunnels shows at this moment, in its colour: headings, names, and the problem; not how far each is, nor numbers. */
function formOf(svg: string): readonly string[] {
  const words = [...svg.matchAll(/<text[^>]*fill="(#\w+)"[^>]*>([^<]*)</g)].map(
    ([, colour, text = '']) => `${colour} ${text.replaceAll(/\s+/g, ' ')}`,
  );
  return words.flatMap(
    (word) => /^#\w+ (?:[A-Z]{3}[A-Z ]*$|tunorch up|[a-z]{3}-[a-z]{3}$|(?:amsterdam|berlin|cracow|dublin)$|✗ cra-dub)/u.exec(word)?.[0] ?? [],
  );
}

describe.skipIf(obstacle !== undefined)('README’s picture of the screen', () => {
  let hosts: Namespaces;
  beforeAll(async () => {
    hosts = await startNamespaces(CITIES);
  }, PATIENCE_MS);
  afterAll(() => hosts?.stop());

  it(
    'is what the program shows when one of six tunnels finds its packets refused',
    async () => {
      hosts.on('router', 'ip', 'rule', 'add', 'from', hosts.address('cracow'), 'to', hosts.address('dublin'), 'prohibit');
      const pairs = CITIES.flatMap((one, index) => CITIES.slice(index + 1).map((other) => [one, other] as const));
      const tunnels = pairs.map(([one, other], index) => {
        const end = (host: string, last: number) => `${host}: { address: 10.99.0.${2 * index + last} }`;
        return `  ${one.slice(0, 3)}-${other.slice(0, 3)}: { mode: vxlan, vni: ${index + 1}, mtu: 1400, endpoints: { ${end(one, 0)}, ${end(other, 1)} } }`;
      });
      const inventory = writeInventory(hosts, `tunnels:\n${tunnels.join('\n')}`);
      const command = ['netns', 'exec', hosts.space('router'), process.execPath, PROGRAM, 'up', inventory, '-o', 'tui', '--timeout', '120'] as const;
      const terminal = new TestTerminal(['ip', ...command], SIZE);
      await terminal.shows(/rolling back|rolled back/);
      const svg = pictureOf(terminal.rows, { title: 'tunorch up', columns: SIZE.columns });
      terminal.end();
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(PICTURE, svg);
      expect(formOf(svg)).toEqual(formOf(readFileSync(PICTURE, 'utf8')));
    },
    PATIENCE_MS,
  );
});
