import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadInventoryFiles } from '../../../src/cli/inventory-files.ts';
import { secretReader } from '../../../src/cli/inventory-secrets.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-inventory-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `# ${name}\n`);
  }
}

async function load(...paths: readonly string[]) {
  const { files, diagnostics } = await loadInventoryFiles(
    paths.map((path) => (path === '-' ? path : join(folder, path))),
    () => Promise.resolve('# stdin\n'),
  );
  return { paths: files.map(({ path }) => path.replace(`${folder}/`, '')), texts: files.map(({ text }) => text), diagnostics };
}

describe('loadInventoryFiles', () => {
  it('reads a file with the vars beside it', async () => {
    write('hosts.yaml', 'other.yaml', 'group_vars/all.yml', 'group_vars/edge/a.yml', 'group_vars/edge/b', 'host_vars/r1.example.net');
    const { paths } = await load('hosts.yaml');
    expect(paths).toEqual(['hosts.yaml', 'group_vars/all.yml', 'group_vars/edge/a.yml', 'group_vars/edge/b', 'host_vars/r1.example.net']);
  });

  it('reads a folder in the order of names, with the folders in it', async () => {
    write('b.yaml', 'a.yml', 'c.json', 'hosts', 'sub/d.yaml', 'sub/host_vars/h.yml', 'group_vars/all.yml');
    expect((await load('')).paths).toEqual(['a.yml', 'b.yaml', 'c.json', 'hosts', 'sub/d.yaml', 'group_vars/all.yml']);
  });

  it('leaves out of a folder what is no inventory', async () => {
    write('a.yaml', '.hidden.yaml', 'a.yaml~', 'notes.md', 'ansible.cfg', 'tunorch.schema.json', 'a.lock.yaml', 'hosts.ini');
    expect((await load('')).paths).toEqual(['a.yaml']);
  });

  it('takes from a folder what Ansible would read there and tunorch cannot, so that it is complained of', async () => {
    write('a.yaml', 'old.toml', 'picture.png');
    writeFileSync(join(folder, 'hosts.prod'), '[edge]\nr1 ansible_host=192.0.2.1\n');
    writeFileSync(join(folder, 'cloud.py'), '#!/usr/bin/env python3\n');
    expect((await load('')).paths).toEqual(['a.yaml', 'cloud.py', 'hosts.prod', 'old.toml']);
  });

  it('follows links, and leaves out those that lead nowhere', async () => {
    write('inventory/a.yaml', 'elsewhere/b.yaml');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'inventory', 'more'));
    symlinkSync(join(folder, 'gone'), join(folder, 'inventory', 'gone.yaml'));
    expect((await load('inventory')).paths).toEqual(['inventory/a.yaml', 'inventory/more/b.yaml']);
  });

  it('says that a list of hosts is no inventory', async () => {
    expect((await load('h1,h2,')).diagnostics[0]?.hint).toMatch(/list of hosts/);
  });

  it('reads one file of several for one group, as Ansible chooses', async () => {
    write('hosts.yaml', 'group_vars/all.yaml', 'group_vars/all.yml', 'group_vars/edge.yml', 'group_vars/edge/x.yml');
    expect((await load('hosts.yaml')).paths).toEqual(['hosts.yaml', 'group_vars/all.yml', 'group_vars/edge/x.yml']);
  });

  it('reads each file once, and stdin for -', async () => {
    write('hosts.yaml', 'more.yaml', 'group_vars/all.yml');
    const { paths, texts } = await load('hosts.yaml', '-', 'more.yaml', 'hosts.yaml');
    expect(paths).toEqual(['hosts.yaml', 'group_vars/all.yml', '<stdin>', 'more.yaml']);
    expect(texts[2]).toBe('# stdin\n');
  });

  it('goes on after a file that is not there', async () => {
    write('hosts.yaml');
    const { paths, diagnostics } = await load('none.yaml', 'hosts.yaml');
    expect([paths, diagnostics.map(({ code }) => code)]).toEqual([['hosts.yaml'], ['inventory.no-such-file']]);
  });
});

describe('secretReader', () => {
  it('reads variables, and files beside the inventory without their last line end', () => {
    write('secrets/a');
    const read = secretReader({ PASSWORD: 'one' });
    const inventory = join(folder, 'hosts.yaml');
    expect(read({ from: 'env', name: 'PASSWORD', inventory })).toBe('one');
    expect(read({ from: 'env', name: 'NONE', inventory })).toBeUndefined();
    expect(read({ from: 'file', name: 'secrets/a', inventory })).toBe('# secrets/a');
    expect(read({ from: 'file', name: 'secrets/b', inventory })).toBeUndefined();
  });
});
