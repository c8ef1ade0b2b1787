import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectAll, tunorch } from '../e2e/scenario-program.ts';
import { type Spaces, startSpaces } from './spaces.ts';

const names = ['h1', 'h2', 'h3'];
const MOVING = '  children: { moving: { hosts: { h1: } } }\n';
const OPTIONS = { longestMs: 600_000 };

let spaces: Spaces;

beforeAll(async () => {
  spaces = await startSpaces(names);
  for (const [index, name] of names.entries()) await spaces.sh(name, `ip address add 10.78.1.${index + 1}/24 dev eth0`);
});
beforeEach(async () => {
  for (const name of names) await spaces.sh(name, 'for d in $(ls /sys/class/net | grep -E "^(gre[1-9]|core-)"); do ip link delete dev $d; done');
});

/** One tunnel between the first two hosts. */
function tunnel(fields: { readonly key: number; readonly device: string; readonly local?: string; readonly metric?: number }): string {
  const { key, device, local = '10.78.1.1', metric = 100 } = fields;
  return `{ mode: gre, key: ${key}, endpoints: {
      h1: { local: ${local}, device: ${device}, address: 10.90.${key}.1, networks: [10.91.1.0/24], metric: ${metric}, forwarding: false },
      h2: { local: 10.78.1.2, device: ${device}, address: 10.90.${key}.2, networks: [10.91.2.0/24], metric: ${metric}, forwarding: false } } }`;
}

/** Plays one of the project's playbooks, with the addresses and links of these hosts. */
async function play(name: string, declarations: string, words: Readonly<Record<string, string>> = {}) {
  const original = await readFile(fileURLToPath(new URL(`../../playbooks/${name}`, import.meta.url)), 'utf8');
  const inventory = await spaces.write(names.length, `${MOVING}${declarations}`);
  const playbook = `${inventory}.${name}`;
  await writeFile(
    playbook,
    Object.entries(words).reduce((text, [from, to]) => text.replaceAll(from, to), original),
  );
  const { status, events, stdout } = await tunorch(['play', playbook, '-i', inventory, '--timeout', '120'], OPTIONS);
  const recap = events.find((event) => event.type === 'playbook-finished')?.recap;
  const told = (recap?.plays ?? []).map(({ outcome, tunnels }) => [outcome, ...new Set(tunnels.map((one) => one.outcome))].join(' '));
  return { status, told, words: stdout.slice(-4000) };
}

async function upBefore(declarations: string): Promise<void> {
  expectAll(await tunorch(['up', await spaces.write(names.length, `${MOVING}${declarations}`), '--timeout', '120'], OPTIONS), 'changed');
}

describe('the playbooks of the project, on real kernels', () => {
  it('first-roll-out: looks everywhere, then one tunnel, then the rest', async () => {
    const played = await play('first-roll-out.yaml', 'meshes: { core: { hosts: all, topology: full, pool: 10.99.0.0/24, tunnel: { mode: gre } } }');
    expect(played, played.words).toMatchObject({ status: 0, told: ['done pending', 'done changed'] });
    expect(await spaces.sh('h1', 'ls /sys/class/net | grep core-')).toBe('core-h2\ncore-h3\n');
  });

  it('rotate-key: the new tunnel is there before the old one goes, and no packet is lost', async () => {
    const before = `tunnels:\n  gre1: ${tunnel({ key: 1, device: 'gre1', metric: 200 })}`;
    await upBefore(before);
    for (const [index, name] of ['h1', 'h2'].entries()) await spaces.sh(name, `ip address add 10.91.${index + 1}.1/32 dev lo`);
    await spaces.sh('h1', 'ping -q -i 0.1 -W 10 -I 10.91.1.1 10.91.2.1 >/run/rotation 2>&1 </dev/null & echo $! >/run/rotation.pid');
    const played = await play('rotate-key.yaml', `${before}\n  gre1-next: ${tunnel({ key: 2, device: 'gre2' })}`);
    expect(played, played.words).toMatchObject({ status: 0, told: ['done changed', 'done ok', 'done changed'] });
    const said = await spaces.sh(
      'h1',
      'read -r pid </run/rotation.pid; kill -INT $pid; while kill -0 $pid 2>/dev/null; do sleep 0.1; done; cat /run/rotation',
    );
    const [, sent = '0', received = '-1'] = /(\d+) packets transmitted, (\d+) received/.exec(said) ?? [];
    expect(Number(sent)).toBeGreaterThan(50);
    expect(Number(sent) - Number(received)).toBe(0);
    expect(await spaces.sh('h1', 'ls /sys/class/net | grep "gre[1-9]"')).toBe('gre2\n');
  });

  it('move-endpoint: the tunnel moves to the new address, and the old one goes', async () => {
    await upBefore(`tunnels:\n  gre1: ${tunnel({ key: 1, device: 'gre1' })}`);
    const words = { '30.1.1.12/24': '10.78.1.12/24', '30.1.1.2/24': '10.78.1.1/24', eth1: 'eth0' };
    const played = await play('move-endpoint.yaml', `tunnels:\n  gre1: ${tunnel({ key: 1, device: 'gre1', local: '10.78.1.12' })}`, words);
    expect(played, played.words).toMatchObject({ status: 0, told: ['done changed', 'done changed', 'done changed'] });
    const addresses = await spaces.sh('h1', 'ip -o address show dev eth0');
    expect([addresses.includes('10.78.1.12/24'), addresses.includes('10.78.1.1/24')]).toEqual([true, false]);
    expect(await spaces.sh('h1', 'ip -d link show dev gre1')).toContain('local 10.78.1.12');
  });
});
