import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { selectHosts } from '../../src/inventory/pattern-hosts.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';
import { describeAnsible } from './ansible.ts';

const folder = join(import.meta.dirname, '../golden/ansible-patterns');
const inventory = join(folder, 'hosts.yaml');
const patterns: readonly string[] = JSON.parse(readFileSync(join(folder, 'patterns.json'), 'utf8'));

/** Why the answer is another one on purpose. */
const argued: Readonly<Record<string, string>> = {
  'edge[2:0]': 'Ansible takes a range that ends in 0 for its first number alone; it is an empty range like [2:1]',
  'edge:core,nobody': 'Ansible splits at colons only where there is no comma, and would drop «edge:core» with a warning',
};

await describeAnsible('patterns compared with ansible --list-hosts', (ansible) => {
  const { groups, hostVars } = readInventory([{ path: inventory, text: readFileSync(inventory, 'utf8') }]);

  it.each(patterns)('%s', async (pattern) => {
    const ours = selectHosts(pattern, groups, [...hostVars.keys()]);
    const theirs = await ansible.hosts(inventory, [pattern]);
    if (argued[pattern] === undefined) expect(ours).toEqual(theirs);
    else expect(ours).not.toEqual(theirs);
  });

  afterAll(() => {
    const words = Object.entries(argued).map(([pattern, why]) => `  ${pattern}: ${why}\n`);
    process.stderr.write(`\nansible-core ${ansible.version}: ${patterns.length} patterns, ${words.length} differences\n${words.join('')}\n`);
  });
});
