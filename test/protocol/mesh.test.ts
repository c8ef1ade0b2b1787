import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS, runOnRouter, writeInventory } from './namespace-runs.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from './namespaces.ts';

const names = Array.from({ length: 11 }, (_unused, index) => `h${index + 1}`);

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: a mesh on the kernel of this machine: ${obstacle}\n\n`);

describe.skipIf(obstacle !== undefined)('a full mesh on the kernel of this machine', () => {
  let hosts: Namespaces;
  beforeAll(async () => {
    hosts = await startNamespaces(names);
  }, PATIENCE_MS);
  afterAll(() => hosts?.stop());

  function tunorch(command: string, count: number) {
    const mesh = 'meshes:\n  core: { hosts: all, topology: full, pool: 10.99.0.0/24, tunnel: { mode: vxlan } }';
    return runOnRouter(hosts, command, writeInventory(hosts, mesh, names.slice(0, count)));
  }

  const lockLines = () => readFileSync(join(hosts.folder, 'inventory.lock.yaml'), 'utf8').split('\n');
  const count = (outcomes: readonly string[], wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;

  it(
    'of ten hosts comes up, and grows by one without renumbering the others',
    () => {
      const ten = tunorch('up', 10);
      expect([ten.status, count(ten.outcomes, 'changed')], ten.words).toEqual([0, 45]);
      const before = lockLines();
      const eleven = tunorch('up', 11);
      expect([eleven.status, count(eleven.outcomes, 'ok'), count(eleven.outcomes, 'changed')], eleven.words).toEqual([0, 45, 10]);
      const after = lockLines();
      expect(before.filter((line) => !after.includes(line))).toEqual([]);
      expect(after.length - before.length).toBe(10 * 5);
      expect(hosts.on('h11', 'ping', '-c', '1', '-W', '5', '-I', 'core-h1', '10.99.0.90').status).toBe(0);
    },
    PATIENCE_MS,
  );
});
