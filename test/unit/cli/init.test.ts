import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type InitFlags, initInventory } from '../../../src/cli/commands/init.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { modes } from '../../../src/modes/index.ts';

const ENDS = ['router-a,host=198.51.100.7,network=10.1.1.0/24', 'router-b,user=ops,port=2222,network=10.2.1.0/24'];

let path = '';
let said = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'tunorch-init-')), 'inventory.yaml');
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(join(path, '..'), { recursive: true });
});

const init = (flags: InitFlags) => initInventory(path, flags);
const written = () => readInventory([{ path, text: readFileSync(path, 'utf8') }]);

describe('init', () => {
  it('writes an inventory that says what its flags said', async () => {
    expect(await init({ end: ENDS, mode: 'gre', key: 7, inner: '10.10.10.0/30' })).toBe(0);
    const { desired, diagnostics } = written();
    expect(diagnostics).toEqual([]);
    expect(desired?.hosts.get('router-b')?.connection).toMatchObject({ user: 'ops', port: 2222, become: { method: 'sudo' } });
    expect(desired?.tunnels).toMatchObject([
      {
        name: 'gre1',
        mode: 'gre',
        endpoints: [
          { host: 'router-a', ikey: 7, networks: ['10.1.1.0/24'], addresses: [{ address: '10.10.10.1', peer: '10.10.10.2' }] },
          { host: 'router-b', ikey: 7, networks: ['10.2.1.0/24'], addresses: [{ address: '10.10.10.2', peer: '10.10.10.1' }] },
        ],
      },
    ]);
    expect(said).toContain('npx tunorch plan');
  });

  it('writes both ends of a subnet of two addresses', async () => {
    await init({ end: ['a', 'b'], mode: 'gre', inner: '10.10.10.0/31' });
    expect(written().desired?.tunnels[0]?.endpoints.map(({ addresses }) => addresses[0]?.address)).toEqual(['10.10.10.0', '10.10.10.1']);
  });

  it.each([...modes.keys()].filter((mode) => mode !== 'vxlan' && mode !== 'isatap'))('can begin with %s', async (mode) => {
    const isIpv6Inside = modes.get(mode)?.inner({}).includes(4) === false;
    expect(await init({ end: ['a', 'b'], mode, inner: isIpv6Inside ? 'fd00::/64' : '10.10.10.0/30' })).toBe(0);
    expect(written().diagnostics).toEqual([]);
  });

  it('never writes over a file', async () => {
    writeFileSync(path, 'mine');
    expect(await init({ end: ENDS, mode: 'gre', inner: '10.10.10.0/30' })).toBe(3);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(said).toContain('is there already');
  });

  it.each<[string, InitFlags, string]>([
    ['no host is named', {}, '--end NAME'],
    ['a word is unknown', { end: ['a,via=b', 'c'], mode: 'gre' }, '«via=b»'],
    ['the mode is none', { end: ['a', 'b'], mode: 'greta', inner: '10.10.10.0/30' }, 'unknown-mode'],
    ['the subnet is none', { end: ['a', 'b'], mode: 'gre', inner: '10.10.10.1' }, '«10.10.10.1»'],
    ['the subnet has one address', { end: ['a', 'b'], mode: 'gre', inner: '10.10.10.1/32' }, '«10.10.10.1/32»'],
    ['both are the same host', { end: ['a', 'a'], mode: 'gre', inner: '10.10.10.0/30' }, 'nothing was written'],
  ])('refuses where %s', async (_why, flags, words) => {
    expect(await init(flags)).toBe(3);
    expect(said).toContain(words);
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});
