import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/fake-host-stage.ts';
import { whyNoDelay } from './delayed-link.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from './namespaces.ts';
import { hasEnd, startCapture, type Traffic, trafficOf } from './round-trips.ts';

const program = join(import.meta.dirname, '../../dist/tunorch.js');
const DELAY_MS = 40;

const obstacle = whyNoNamespaces() ?? whyNoDelay();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: round trips from a capture: ${obstacle}\n\n`);

describe.skipIf(obstacle !== undefined)('round trips, counted from a capture', () => {
  let hosts: Namespaces;
  let inventory = '';
  const options = () => `-o UserKnownHostsFile=${hosts.knownHosts} -o StrictHostKeyChecking=yes -i ${hosts.key} -F /dev/null`;
  beforeAll(async () => {
    hosts = await startNamespaces(['one', 'two'], DELAY_MS);
    inventory = join(hosts.folder, 'inventory.yaml');
    const list = ['one', 'two'].map((host) => `    ${host}: { ansible_host: ${hosts.address(host)} }`);
    const ends = ['one', 'two'].map((host, index) => `      ${host}: { local: ${hosts.address(host)}, address: 10.99.0.${index + 1}/24 }`);
    const tunnel = `tunnels:\n  vx1:\n    mode: vxlan\n    vni: 7\n    mtu: 1400\n    endpoints:\n${ends.join('\n')}\n`;
    const vars = `{ ansible_user: root, ansible_ssh_common_args: "${options()}" }`;
    writeFileSync(inventory, `all:\n  vars: ${vars}\n  hosts:\n${list.join('\n')}\n${tunnel}`);
  }, 60_000);
  afterAll(() => hosts?.stop());

  let handshake = 0;
  it('takes those of a handshake and a command for `ssh host true`', async () => {
    const { roundTrips } = await traffic('ssh', ...options().split(' '), `root@${hosts.address('one')}`, 'true');
    expect(roundTrips).toBeGreaterThan(4);
    handshake = roundTrips;
  }, 60_000);

  it.each([
    ['up', 5],
    ['up', 1],
    ['verify', 2],
    ['down', 5],
  ])(
    'takes for %s at most %i more than that',
    async (command, more) => {
      const { roundTrips, bytes } = await traffic(process.execPath, program, command, inventory, '-o', 'text');
      process.stdout.write(`${command}: ${roundTrips} round trips, ${bytes} bytes; ssh host true: ${handshake}\n`);
      expect(roundTrips).toBeLessThanOrEqual(handshake + more);
    },
    60_000,
  );

  async function traffic(...argv: readonly string[]): Promise<Traffic> {
    const file = join(hosts.folder, 'capture.pcap');
    const stop = await startCapture(hosts.space(hosts.controller), { device: 'eth0', file });
    const { status, stdout, stderr } = hosts.on(hosts.controller, ...argv);
    expect(status, stdout + stderr).toBe(0);
    await until(() => hasEnd(file, hosts.address('one')));
    await stop();
    return trafficOf(file, { host: hosts.address('one'), delayMs: DELAY_MS });
  }
});
