import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { tunorch } from '../e2e/scenario-program.ts';
import { type Spaces, startSpaces } from './spaces.ts';

const names = Array.from({ length: 11 }, (_unused, index) => `h${index + 1}`);
/** An emulated processor needs seconds to start the hundred pings of its hosts, and answers none meanwhile. */
const MESH =
  'meshes:\n  core: { hosts: all, topology: full, pool: 10.99.0.0/24, tunnel: { mode: gre, verify: { count: 8, interval: 2, max_loss: 75 } } }\n';

/** Ninety ends on two emulated processors. */
const OPTIONS = { longestMs: 1_200_000 };
const PATIENCE = ['--timeout', '300', '--deadline', '900'];

let spaces: Spaces;

beforeAll(async () => {
  spaces = await startSpaces(names);
});

async function outcomes(command: string, count: number) {
  const inventory = await spaces.write(count, MESH);
  const { status, recap, stdout } = await tunorch([command, inventory, ...PATIENCE.slice(0, command === 'up' ? 4 : 2)], OPTIONS);
  const told = recap.tunnels.map(({ outcome }) => outcome);
  const all = Object.fromEntries([...new Set(told)].map((outcome) => [outcome, told.filter((one) => one === outcome).length]));
  const lock = (await readFile(inventory.replace('.yaml', '.lock.yaml'), 'utf8')).split('\n');
  return { status, all, lock, words: stdout.slice(-4000) };
}

describe('a full mesh of gre on real kernels, behind bastions', () => {
  it('of ten hosts comes up, and a second run changes nothing', async () => {
    const up = await outcomes('up', 10);
    expect(up, up.words).toMatchObject({ status: 0, all: { changed: 45 } });
    expect(await outcomes('up', 10)).toMatchObject({ status: 0, all: { ok: 45 }, lock: up.lock });
  });

  it('grows by one host, and nobody is renumbered', async () => {
    const before = await outcomes('verify', 10);
    expect(before, before.words).toMatchObject({ status: 0, all: { ok: 45 } });
    const grown = await outcomes('up', 11);
    expect(grown, grown.words).toMatchObject({ status: 0, all: { ok: 45, changed: 10 } });
    expect(before.lock.filter((line) => !grown.lock.includes(line))).toEqual([]);
    expect(await spaces.sh('h11', 'ls -d /sys/class/net/core-* | wc -l')).toBe('10\n');
  });

  it('is gone after down', async () => {
    const down = await outcomes('down', 11);
    expect(down, down.words).toMatchObject({ status: 0, all: { changed: 55 } });
    for (const name of names) expect(await spaces.sh(name, 'ls /sys/class/net | grep core- || :')).toBe('');
  });
});
