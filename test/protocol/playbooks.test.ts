import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE_MS, runOnRouter, writeInventory } from './namespace-runs.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from './namespaces.ts';

const root = join(import.meta.dirname, '../..');
const names = ['h1', 'h2', 'h3'];

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: playbooks on the kernel of this machine: ${obstacle}\n\n`);

/** One tunnel between the first two hosts, which have an underlay of their own beside the addresses they are reached by. */
function tunnel(fields: { readonly vni: number; readonly local?: string; readonly device: string; readonly metric?: number }): string {
  const { vni, device, local = '10.78.1.2', metric = 100 } = fields;
  const inner = `10.90.${vni}`;
  return `{ mode: vxlan, vni: ${vni}, endpoints: {
      h1: { local: ${local}, device: ${device}, address: ${inner}.1, networks: [10.91.1.0/24], metric: ${metric}, forwarding: false },
      h2: { local: 10.78.2.2, device: ${device}, address: ${inner}.2, networks: [10.91.2.0/24], metric: ${metric}, forwarding: false } } }`;
}

describe.skipIf(obstacle !== undefined)('the playbooks of the project, on the kernel of this machine', () => {
  let hosts: Namespaces;
  beforeAll(async () => {
    hosts = await startNamespaces(names);
    for (const [index, host] of names.entries()) {
      hosts.on(host, 'ip', 'address', 'add', `10.78.${index + 1}.2/24`, 'dev', 'eth0');
      hosts.on('router', 'ip', 'route', 'add', `10.78.${index + 1}.0/24`, 'via', hosts.address(host));
    }
  }, PATIENCE_MS);
  beforeEach(() => {
    for (const host of names) for (const device of linksOf(host)) hosts.on(host, 'ip', 'link', 'delete', 'dev', device);
  });
  afterAll(() => hosts?.stop());

  /** Names of the tunnels' devices. */
  function linksOf(host: string): readonly string[] {
    return [...hosts.on(host, 'ip', '-o', 'link', 'show', 'type', 'vxlan').stdout.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = '']) => name).sort();
  }

  const inventoryWith = (declarations: string) => writeInventory(hosts, `  children: { moving: { hosts: { h1: } } }\n${declarations}`);

  /** Plays one of the project's playbooks, with shorter pauses and some other words replaced. */
  function play(name: string, declarations: string, words: Readonly<Record<string, string>> = {}) {
    const replaced = Object.entries({ 'pause: 5': 'pause: 1', ...words });
    const text = replaced.reduce((all, [from, to]) => all.replaceAll(from, to), readFileSync(join(root, 'playbooks', name), 'utf8'));
    const playbook = join(hosts.folder, name);
    writeFileSync(playbook, text);
    const { status, events, words: said } = runOnRouter(hosts, 'play', playbook, '-i', inventoryWith(declarations));
    const recap = events.find((event) => event.type === 'playbook-finished')?.recap;
    const told = (recap?.plays ?? []).map(({ outcome, tunnels }) => [outcome, ...new Set(tunnels.map((one) => one.outcome))].join(' '));
    return { status, told, first: events[0]?.type, words: said };
  }

  it(
    'first-roll-out: looks everywhere, then one tunnel, then the rest',
    () => {
      const meshes = 'meshes: { core: { hosts: all, topology: full, pool: 10.99.0.0/24, tunnel: { mode: vxlan } } }';
      const played = play('first-roll-out.yaml', meshes);
      expect(played, played.words).toMatchObject({ status: 0, told: ['done pending', 'done changed'], first: 'playbook-started' });
      expect(linksOf('h1')).toEqual(['core-h2', 'core-h3']);
    },
    PATIENCE_MS,
  );

  it(
    'rotate-key: the new tunnel is there before the old one goes, and no packet is lost',
    () => {
      const before = `tunnels:\n  vx1: ${tunnel({ vni: 1, device: 'vx1', metric: 200 })}`;
      expect(runOnRouter(hosts, 'up', inventoryWith(before)).status).toBe(0);
      hosts.on('h1', 'ip', 'address', 'add', '10.91.1.1/32', 'dev', 'lo');
      hosts.on('h2', 'ip', 'address', 'add', '10.91.2.1/32', 'dev', 'lo');
      hosts.on('h1', 'sh', '-c', `ping -q -i 0.01 -W 10 -I 10.91.1.1 10.91.2.1 >${hosts.folder}/ping 2>&1 & echo $! >${hosts.folder}/pid`);
      const played = play('rotate-key.yaml', `${before}\n  vx1-next: ${tunnel({ vni: 2, device: 'vx2' })}`);
      expect(played, played.words).toMatchObject({ status: 0, told: ['done changed', 'done ok', 'done changed'] });
      hosts.on('h1', 'sh', '-c', `kill -INT $(cat ${hosts.folder}/pid); while kill -0 $(cat ${hosts.folder}/pid); do sleep 0.1; done`);
      const [, sent = '0', received = '-1'] =
        /(\d+) packets transmitted, (\d+) received/.exec(readFileSync(join(hosts.folder, 'ping'), 'utf8')) ?? [];
      expect(Number(sent)).toBeGreaterThan(100);
      expect(linksOf('h1')).toEqual(['vx2']);
      expect(Number(sent) - Number(received)).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'move-endpoint: the tunnel moves to the new address, and the old one goes',
    () => {
      expect(runOnRouter(hosts, 'up', inventoryWith(`tunnels:\n  vx1: ${tunnel({ vni: 1, device: 'vx1' })}`)).status).toBe(0);
      const words = { '30.1.1.12/24': '10.78.1.12/24', '30.1.1.2/24': '10.78.1.2/24', eth1: 'eth0' };
      const played = play('move-endpoint.yaml', `tunnels:\n  vx1: ${tunnel({ vni: 1, device: 'vx1', local: '10.78.1.12' })}`, words);
      expect(played, played.words).toMatchObject({ status: 0, told: ['done changed', 'done changed', 'done changed'] });
      const addresses = hosts.on('h1', 'ip', '-o', 'address', 'show', 'dev', 'eth0').stdout;
      expect([addresses.includes('10.78.1.12/24'), addresses.includes('10.78.1.2/24')]).toEqual([true, false]);
      expect(hosts.on('h1', 'ip', '-d', 'link', 'show', 'dev', 'vx1').stdout).toContain('local 10.78.1.12');
    },
    PATIENCE_MS,
  );
});
