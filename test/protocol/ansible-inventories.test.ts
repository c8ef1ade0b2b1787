import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadInventoryFiles } from '../../src/cli/inventory-files.ts';
import { graphOf } from '../../src/inventory/ansible/graph.ts';
import { listingOf } from '../../src/inventory/ansible/listing.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';
import { describeAnsible } from './ansible.ts';
import { differences } from './json-differences.ts';

const folder = join(import.meta.dirname, '../golden/ansible-inventories');
const cases = readdirSync(folder);

/** A difference that is meant, and why. */
interface Argued {
  readonly at: string;
  readonly why: string;
}

await describeAnsible('inventories compared with ansible-inventory --list', (ansible) => {
  const argued: string[] = [];
  let compared = 0;

  it.each(cases)('%s', async (name) => {
    const paths = pathsOf(name);
    const text = await ansible.inventory(...paths.flatMap((path) => ['-i', path]), '--list');
    const theirs = withoutProfile(JSON.parse(text));
    const expected = arguedFor(name);
    const places = expected.map(({ at }) => at);
    expect(differences(await listed(paths), theirs).toSorted()).toEqual(places);
    expect(places).toEqual(expect.arrayContaining([...differences(asJson(readInventory([{ path: '<stdin>', text }])), theirs)]));
    compared += 1;
    argued.push(...expected.map(({ at, why }) => `  ${name}: ${at}: ${why}\n`));
  });

  it.each(['nested-children', 'deep-diamonds', 'two-parents', 'order-in-file', 'unicode-names'])('the graph of %s', async (name) => {
    const paths = pathsOf(name);
    const { files } = await loadInventoryFiles(paths, () => Promise.resolve(''));
    const theirs = await ansible.inventory(...paths.flatMap((path) => ['-i', path]), '--graph');
    expect(graphOf(readInventory(files).groups, [])).toEqual(theirs.trimEnd().split('\n'));
  });

  afterAll(() => {
    process.stderr.write(`\nansible-core ${ansible.version}: ${compared} inventories, ${argued.length} differences\n${argued.join('')}\n`);
  });
});

/** `arguments.json` says which inventories are given, where it is not all of hosts.yaml. */
function pathsOf(name: string): readonly string[] {
  const file = join(folder, name, 'arguments.json');
  const inventories: readonly string[] = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).inventories
    : readdirSync(join(folder, name)).filter((entry) => /^hosts\./.test(entry));
  return inventories.map((path) => join(folder, name, path));
}

function arguedFor(name: string): readonly Argued[] {
  const file = join(folder, name, 'differences.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

async function listed(paths: readonly string[]) {
  const { files, diagnostics } = await loadInventoryFiles(paths, () => Promise.resolve(''));
  const reading = readInventory(files);
  expect([...diagnostics, ...reading.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
  return asJson(reading);
}

function asJson(reading: Parameters<typeof listingOf>[0]) {
  return JSON.parse(JSON.stringify(listingOf(reading)));
}

/** Newer releases name the form of their JSON in it. */
function withoutProfile({ _meta: { profile, ...meta }, ...groups }: { readonly _meta: Record<string, unknown> }) {
  return JSON.parse(JSON.stringify({ ...groups, _meta: meta }));
}
