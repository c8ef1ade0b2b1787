import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespaces, problemsIn, startNamespaces, whyNoNamespaces } from './namespaces.ts';

const program = join(import.meta.dirname, '../../dist/tunorch.js');
const names = Array.from({ length: 11 }, (_unused, index) => `h${index + 1}`);

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: a mesh on the kernel of this machine: ${obstacle}\n\n`);

/** Slow machines have ten sshd to start and 55 tunnels to make. */
const PATIENCE_MS = 20 * 60_000;

describe.skipIf(obstacle !== undefined)('a full mesh on the kernel of this machine', () => {
  let hosts: Namespaces;
  beforeAll(async () => {
    hosts = await startNamespaces(names);
  }, PATIENCE_MS);
  afterAll(() => hosts?.stop());

  /** One run from the router on an inventory with the first hosts, told as events. */
  function tunorch(command: string, count: number): { readonly status: number; readonly outcomes: readonly string[]; readonly words: string } {
    const inventory = join(hosts.folder, 'mesh.yaml');
    const common = `-o UserKnownHostsFile=${hosts.knownHosts} -o StrictHostKeyChecking=yes -i ${hosts.key} -F /dev/null`;
    const list = names.slice(0, count).map((host) => `    ${host}: { ansible_host: ${hosts.address(host)} }`);
    const mesh = 'meshes:\n  core: { hosts: all, topology: full, pool: 10.99.0.0/24, tunnel: { mode: vxlan } }';
    writeFileSync(inventory, `all:\n  vars: { ansible_user: root, ansible_ssh_common_args: "${common}" }\n  hosts:\n${list.join('\n')}\n${mesh}\n`);
    const { status, stdout, stderr } = hosts.on(
      'router',
      process.execPath,
      program,
      command,
      inventory,
      '-o',
      'json',
      '--timeout',
      '120',
      '--deadline',
      '600',
    );
    const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    const recap = events.find(({ type }) => type === 'run-finished')?.recap;
    return {
      status,
      outcomes: (recap?.tunnels ?? []).map(({ outcome }: { readonly outcome: string }) => outcome),
      words: [...new Set([...problemsIn(events), stderr])].join('\n'),
    };
  }

  const lockLines = () => readFileSync(join(hosts.folder, 'mesh.lock.yaml'), 'utf8').split('\n');
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
