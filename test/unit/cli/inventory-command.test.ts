import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showInventory } from '../../../src/cli/commands/inventory.ts';
import type { InventoryFlags } from '../../../src/cli/flags.ts';

const HOSTS = `all:
  vars: { ansible_user: root, ansible_password: zebra }
  children:
    edge:
      hosts: { router-a: { ansible_host: 198.51.100.7, ansible_become_password: !env NOT_SET }, router-b: }
      children: { lab: }
`;

const TUNNELS = `tunnels:
  gre1: { mode: gre, endpoints: { router-a: { local: 30.1.1.2, address: 10.0.0.1 }, router-b: { local: 30.1.1.1, address: 10.0.0.2 } } }
  old: { mode: gre, state: absent, endpoints: { router-a: { address: 10.0.1.1 }, router-b: { address: 10.0.1.2 } } }
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-inventory-'));
  writeFileSync(join(folder, 'hosts.yaml'), HOSTS);
  writeFileSync(join(folder, 'tunnels.yaml'), TUNNELS);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function show(flags: Partial<InventoryFlags>, { inventories = ['hosts.yaml', 'tunnels.yaml'], input = '' } = {}) {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  streams.stdin.end(input);
  const paths = inventories.map((name) => (name === '-' ? name : join(folder, name)));
  const status = await showInventory(paths, { color: false, ...flags }, streams);
  streams.stdout.end();
  streams.stderr.end();
  return { status, stdout: await text(streams.stdout), stderr: await text(streams.stderr) };
}

describe('tunorch inventory', () => {
  it('--list prints groups and vars, keys sorted, secrets hidden, and reads no secret', async () => {
    const { status, stdout, stderr } = await show({ list: true });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      _meta: {
        hostvars: {
          'router-a': { ansible_become_password: '***', ansible_host: '198.51.100.7', ansible_password: '***', ansible_user: 'root' },
          'router-b': { ansible_password: '***', ansible_user: 'root' },
        },
      },
      all: { children: ['ungrouped', 'edge'] },
      edge: { children: ['lab'], hosts: ['router-a', 'router-b'] },
    });
    expect(stdout).toMatch(/^\{\n {4}"_meta": \{/);
  });

  it('--list is read again with tunnels from another file', async () => {
    const listed = (await show({ list: true }, { inventories: ['hosts.yaml'] })).stdout;
    const { status, stdout } = await show({ list: true }, { inventories: ['-', 'tunnels.yaml'], input: listed });
    expect([status, JSON.parse(stdout)]).toEqual([0, JSON.parse(listed)]);
  });

  it('--host prints the vars of one', async () => {
    const { status, stdout } = await show({ host: 'router-b' });
    expect([status, stdout]).toEqual([0, '{\n    "ansible_password": "***",\n    "ansible_user": "root"\n}\n']);
  });

  it('--host says what was meant', async () => {
    const { status, stdout, stderr } = await show({ host: 'router-c' });
    expect([status, stdout, stderr]).toEqual([3, '', 'error: there is no host «router-c». Did you mean «router-a»?\n']);
  });

  it('--graph draws groups, hosts and tunnels', async () => {
    const { status, stdout } = await show({ graph: true });
    expect([status, stdout]).toEqual([
      0,
      `@all:
  |--@ungrouped:
  |--@edge:
  |  |--@lab:
  |  |--router-a
  |  |--router-b
tunnels:
  |--gre1 (gre): router-a ⇄ router-b
  |--old (gre): router-a ⇄ router-b, absent
`,
    ]);
  });

  it('--validate prints nothing on stdout, and fails where a problem is an error', async () => {
    expect(await show({ validate: true })).toEqual({ status: 0, stdout: '', stderr: '' });
    writeFileSync(join(folder, 'tunnels.yaml'), TUNNELS.replace('mode: gre', 'mode: grr'));
    const { status, stdout, stderr } = await show({ validate: true });
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/inventory\.unknown-mode/);
  });

  it('needs an inventory, and to be told what to print', async () => {
    expect((await show({ list: true }, { inventories: [] })).status).toBe(3);
    expect((await show({})).stderr).toBe('error: say what to print: --list, --host NAME, --graph, --swanctl NAME or --validate\n');
  });
});
