import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModuleUse, readUnloaded, unloadScript } from '../../../src/script/unload.ts';

const GRE: ModuleUse = { module: 'ip_gre', kinds: ['gre', 'gretap'], fallbackDevices: ['gre0', 'gretap0'] };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tunorch-unload-'));
  spawnSync('mkdir', ['-p', `${root}/sys/module/ip_gre`, `${root}/proc/self/fd`, `${root}/run`]);
  writeFileSync(`${root}/sys/module/ip_gre/initstate`, 'live\n');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What the script says on a host whose programs answer like this. */
function unload({ ip, modprobe = 'echo "$@" >>"$root/unloaded"' }: { readonly ip: string; readonly modprobe?: string }) {
  const script = unloadScript([GRE])
    .replaceAll(/(?<![\w"$}])\/(run|sys|proc)\//g, `${root}/$1/`)
    .replaceAll('"/sys/', `"${root}/sys/`);
  const programs = `root=${root}; tunorch_netns='net:[1]'; ip() { ${ip}; }; modprobe() { ${modprobe}; };`;
  return readUnloaded(spawnSync('sh', ['-c', `${programs}\n${script}`], { encoding: 'utf8' }).stdout);
}

describe('unloading a module', () => {
  it('is done where there are only the devices it makes by itself', () => {
    const ip = 'if [ "$5" = gre ]; then echo "4: gre0@NONE: <NOARP> mtu 1476"; else echo "5: gretap0@NONE: <BROADCAST> mtu 1462"; fi';
    expect(unload({ ip })).toEqual([{ module: 'ip_gre', state: 'unloaded', words: '-' }]);
  });

  it('is left where a tunnel of any of its kinds is there, and names it', () => {
    const ip = 'if [ "$5" = gretap ]; then echo "5: gretap0@NONE: <BROADCAST>"; echo "9: lan7@eth0: <UP>"; fi';
    expect(unload({ ip })).toEqual([{ module: 'ip_gre', state: 'kept', words: 'it is used by lan7' }]);
  });

  it('is left where nobody can look', () => {
    expect(unload({ ip: 'return 255' })).toEqual([{ module: 'ip_gre', state: 'kept', words: expect.stringContaining('what nobody could look for') }]);
  });

  it('is left where the kernel refuses it, in its words', () => {
    const modprobe = 'echo "modprobe: FATAL: Module ip_gre is in use." >&2; return 1';
    expect(unload({ ip: ':', modprobe })).toEqual([{ module: 'ip_gre', state: 'kept', words: 'modprobe: FATAL: Module ip_gre is in use.' }]);
  });

  it('is no matter where the module is built in', () => {
    rmSync(`${root}/sys/module/ip_gre/initstate`);
    expect(unload({ ip: ':' })).toEqual([]);
  });

  it('leaves nothing of its own, and the way back of a run that was killed where it is', () => {
    spawnSync('mkdir', ['-p', `${root}/run/tunorch/1/killed`]);
    writeFileSync(`${root}/run/tunorch/1/killed/journal`, '');
    expect(unload({ ip: ':' })).toMatchObject([{ state: 'unloaded' }]);
    expect(readdirSync(`${root}/run/tunorch/1`, { recursive: true }).toSorted()).toEqual(['killed', 'killed/journal']);
    rmSync(`${root}/run/tunorch/1/killed`, { recursive: true });
    expect(unload({ ip: ':' })).toMatchObject([{ state: 'unloaded' }]);
    expect(readdirSync(`${root}/run`)).toEqual([]);
  });
});
