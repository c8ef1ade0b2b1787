import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE_MS, runOnRouter, tunorchOnRouter, writeInventory } from './namespace-runs.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from './namespaces.ts';

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: adopt, plans and shards on the kernel of this machine: ${obstacle}\n\n`);

/** A tunnel between two hosts of their names' numbers, told apart by its vni. */
function tunnel(one: number, other: number, fields = ''): string {
  const vni = one * 10 + other;
  return `  vx${vni}: { mode: vxlan, vni: ${vni}${fields}, endpoints: { h${one}: { address: 10.90.${vni}.1 }, h${other}: { address: 10.90.${vni}.2 } } }\n`;
}

describe.skipIf(obstacle !== undefined)('on the kernel of this machine', () => {
  let hosts: Namespaces;
  beforeAll(async () => {
    hosts = await startNamespaces(['h1', 'h2', 'h3', 'h4']);
  }, PATIENCE_MS);
  beforeEach(() => {
    for (const host of hosts.names) for (const device of vxlansOf(host)) sh(host, `ip link delete dev ${device}`);
  });
  afterAll(() => hosts?.stop());

  function sh(host: string, script: string): string {
    const { status, stdout, stderr } = hosts.on(host, 'sh', '-ec', script);
    expect(status, `${host}: ${script}\n${stderr}`).toBe(0);
    return stdout;
  }

  const vxlansOf = (host: string) => [...sh(host, 'ip -o link show type vxlan').matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = '']) => name).sort();

  it(
    'adopt declares what was typed by hand on both hosts, and planning it finds nothing but the mark missing',
    () => {
      const ends = [
        ['h1', 'h2', '1'],
        ['h2', 'h1', '2'],
      ] as const;
      for (const [own, peer, last] of ends) {
        sh(
          own,
          `ip link add by-hand type vxlan id 7 local ${hosts.address(own)} remote ${hosts.address(peer)} dstport 4789 ttl 64
          ip link set by-hand mtu 1400 up; ip address add 10.95.0.${last}/24 dev by-hand; ip address add fd00:95::${last}/64 dev by-hand
          ip route add 10.96.${last}.0/24 dev by-hand metric 50
          ip link add lan-${last} type vxlan id 8 local ${hosts.address(own)} remote ${hosts.address(peer)} dstport 8472 ttl 64
          ip link set lan-${last} mtu 1450 up; ip address add 10.97.0.${last}/30 dev lan-${last}`,
        );
      }
      sh('h1', 'ip link add alone type vxlan id 9 local 10.77.1.2 remote 10.77.4.2 dstport 4789');
      const before = sh('h1', 'ip -d link; ip -4 address; ip -4 route show table all');
      const adopted = tunorchOnRouter(hosts, 'adopt', 'h1', 'h2');
      expect(adopted.status, adopted.stderr).toBe(0);
      expect(adopted.stderr.trim().split('\n')).toEqual([
        'h1: alone has no other end on the other host: left out',
        'Take them over with: tunorch up --adopt FILE',
      ]);
      const inventory = join(hosts.folder, 'adopted.yaml');
      writeFileSync(inventory, adopted.stdout);
      const plan = tunorchOnRouter(hosts, 'plan', '--adopt', '-o', 'json', inventory);
      const changes = plan.stdout.split('\n').flatMap((line) => (line.includes('"tunnel-planned"') ? JSON.parse(line).changes : []));
      const seen = changes.map(({ host, object, differences }) =>
        [host, object, ...differences.map(({ name }: { readonly name: string }) => name)].join(' '),
      );
      expect(seen.sort()).toEqual(['h1 link by-hand alias', 'h1 link lan-1 alias', 'h2 link by-hand alias', 'h2 link lan-2 alias']);
      expect(sh('h1', 'ip -d link; ip -4 address; ip -4 route show table all')).toBe(before);
      const taken = tunorchOnRouter(hosts, 'up', '--adopt', '-o', 'text', '--deadline', '600', inventory);
      expect(taken.status, taken.stdout).toBe(0);
      const again = tunorchOnRouter(hosts, 'plan', '--detailed-exitcode', '-o', 'text', inventory);
      expect([again.status, again.stdout], again.stderr).toEqual([0, expect.stringContaining('No changes')]);
    },
    PATIENCE_MS,
  );

  it(
    'a plan is done as it was agreed to, and left alone where a host has moved on',
    () => {
      const inventory = writeInventory(hosts, `tunnels:\n${tunnel(1, 2)}${tunnel(3, 4)}`);
      const file = join(hosts.folder, 'plan.json');
      const planned = runOnRouter(hosts, 'plan', inventory, '--out', file, '--detailed-exitcode');
      expect([planned.status, planned.outcomes], planned.words).toEqual([2, ['pending', 'pending']]);
      sh('h4', 'ip address add 10.90.40.1/24 dev lo; ip link add vx34 type vxlan id 99 local 10.77.4.2 remote 10.77.1.2 dstport 4789');
      const done = runOnRouter(hosts, 'up', '--plan', file, inventory);
      expect([done.status, done.outcomes, vxlansOf('h3'), vxlansOf('h2')], done.words).toEqual([1, ['changed', 'failed'], [], ['vx12']]);
      sh('h4', 'ip link delete vx34');
      sh('h2', 'ip link set vx12 mtu 1300');
      const late = runOnRouter(hosts, 'up', '--plan', file, inventory);
      expect([late.status, late.outcomes], late.words).toEqual([1, ['failed', 'changed']]);
      expect(late.words).toContain('plan.moved-on');
      writeFileSync(file, readFileSync(file, 'utf8').replace('vx34', 'vx43'));
      const bent = runOnRouter(hosts, 'up', '--plan', file, inventory);
      expect([bent.status, bent.stderr]).toEqual([3, expect.stringContaining('was changed after it was made')]);
    },
    PATIENCE_MS,
  );

  it(
    'two shards bring up all tunnels, no host in both',
    () => {
      const inventory = writeInventory(hosts, `tunnels:\n${tunnel(1, 2)}${tunnel(3, 4)}`);
      const shards = ['1/2', '2/2'].map((shard) => runOnRouter(hosts, 'up', inventory, '--shard', shard));
      expect(shards.map(({ status, outcomes }) => [status, outcomes])).toEqual([
        [0, ['changed']],
        [0, ['changed']],
      ]);
      const worked = shards.map(({ events }) => events.flatMap((event) => (event.type === 'run-started' ? event.hosts : [])));
      expect(worked.flat().sort()).toEqual(['h1', 'h2', 'h3', 'h4']);
      const whole = runOnRouter(hosts, 'up', inventory);
      expect([whole.status, whole.outcomes], whole.words).toEqual([0, ['ok', 'ok']]);
    },
    PATIENCE_MS,
  );
});
