import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '../../src/decode/layer.ts';
import { guard, NO_GUARD } from '../e2e/doctor-trouble.ts';
import { eventsOf, expectAll, onlyTunnel, type ProgramRun, tunorch } from '../e2e/scenario-program.ts';
import { type Draft, OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

const OUTER6 = { 'router-a': 'fd00:30::2', 'router-b': 'fd00:30::1' } as const;
const OUTER4 = { 'router-a': '30.1.1.2', 'router-b': '30.1.1.1' } as const;

/** A tunnel of every way in which packets travel, all between the same two hosts. */
const TUNNELS: readonly {
  readonly name: string;
  readonly declared: Draft;
  readonly outer?: typeof OUTER6;
  readonly layers: readonly Partial<Layer>[];
}[] = [
  {
    name: 'gre1',
    declared: { mode: 'gre', key: 1, csum: true, seq: true },
    layers: [{ layer: 'ipv4' }, { layer: 'gre', key: 1, checksum: 'right' }, { layer: 'ipv4' }],
  },
  { name: 'plain', declared: { mode: 'ipip' }, layers: [{ layer: 'ipv4' }, { layer: 'ipv4' }] },
  { name: 'gre2', declared: { mode: 'gre', key: 2 }, layers: [{ layer: 'ipv4' }, { layer: 'gre', key: 2 }, { layer: 'ipv4' }] },
  {
    name: 'lan',
    declared: { mode: 'vxlan', vni: 7 },
    layers: [{ layer: 'ipv4' }, { layer: 'udp', toPort: 4789 }, { layer: 'vxlan', vni: 7 }, { layer: 'ethernet' }, { layer: 'ipv4' }],
  },
  {
    name: 'tap',
    declared: { mode: 'gretap', key: 3 },
    layers: [{ layer: 'ipv4' }, { layer: 'gre', key: 3 }, { layer: 'ethernet' }, { layer: 'ipv4' }],
  },
  {
    name: 'gue1',
    declared: { mode: 'gre', key: 9, encap: { type: 'gue', port: 5556 } },
    layers: [{ layer: 'ipv4' }, { layer: 'udp', toPort: 5556 }, { layer: 'gue' }, { layer: 'gre', key: 9 }, { layer: 'ipv4' }],
  },
  {
    name: 'six',
    declared: { mode: 'ip6gre', key: 5, encaplimit: 4 },
    outer: OUTER6,
    layers: [{ layer: 'ipv6', encaplimit: 4 }, { layer: 'gre', key: 5 }, { layer: 'ipv4' }],
  },
  { name: 'sixip', declared: { mode: 'ip6tnl' }, outer: OUTER6, layers: [{ layer: 'ipv6' }, { layer: 'ipv4' }] },
];

function everyWay(draft: Draft): void {
  draft.tunnels = Object.fromEntries(
    TUNNELS.map(({ name, declared, outer = OUTER4 }, index) => [
      name,
      {
        ...declared,
        endpoints: {
          'router-a': { local: outer['router-a'], address: `10.10.${index + 10}.2` },
          'router-b': { local: outer['router-b'], address: `10.10.${index + 10}.1` },
        },
      },
    ]),
  );
}

function capture(inventory: string, ...words: readonly string[]): Promise<ProgramRun> {
  return tunorch(['capture', ...words, '-i', inventory, '--timeout', '60'], { env: OPS_ENVIRONMENT, longestMs: 600_000 });
}

/** Neither a process nor a file is there. */
async function expectNothingLeft(scenario: Scenario): Promise<void> {
  for (const host of ['router-a', 'router-b'])
    expect(await scenario.sh(host, 'pidof tcpdump; ls -A /tmp /dev/shm | grep "^tmp[.]"; ls -d /run/tunorch 2>/dev/null; :')).toBe('');
}

describe('the packets of a tunnel', () => {
  let scenario: Scenario;
  let inventory: string;

  beforeAll(async () => {
    scenario = await stageExample('site-to-site');
    for (const [host, address] of Object.entries(OUTER6)) await scenario.sh(host, `ip -6 address add ${address}/64 dev eth1 nodad`);
    inventory = await scenario.write(everyWay);
  });
  afterEach(() => expectNothingLeft(scenario));

  it.each(TUNNELS)('are shown at both ends, with what was sent, arrived and was answered: $name', async ({ name, layers }) => {
    const up = await tunorch(['up', inventory, '-l', name, '--timeout', '60', '--deadline', '600'], { env: OPS_ENVIRONMENT, longestMs: 600_000 });
    expectAll(up, 'changed');
    const run = await capture(inventory, name, '-w', join(scenario.lab.folder, name));
    expectAll(run, 'ok');
    const pings = eventsOf(run, 'packet')
      .map(({ packet }) => packet)
      .filter(({ sent, arrived }) => (sent ?? arrived)?.layers.at(-1)?.layer === 'icmp');
    expect(pings.filter(({ sent, arrived }) => sent === undefined || arrived === undefined)).toEqual([]);
    const echo = pings.find(({ from }) => from === 'router-a');
    expect(echo?.sent?.layers.slice(0, -1)).toMatchObject(layers);
    expect(echo?.arrived?.layers).toEqual(echo?.sent?.layers);
    const counts = { of: 'echo-requests', sent: 3, arrived: 3, echoes: { sent: 3, received: 3 } };
    expect(eventsOf(run, 'traffic').map(({ traffic }) => traffic)).toEqual([
      { from: 'router-a', to: 'router-b', ...counts },
      { from: 'router-b', to: 'router-a', ...counts },
    ]);
  });

  it('are in files that tcpdump reads', async () => {
    const file = await readFile(join(scenario.lab.folder, 'gre1-router-b.pcap'));
    const words = await scenario.sh('router-b', `echo ${file.toString('base64')} | base64 -d | tcpdump -nn -v -r - 2>/dev/null`);
    expect(words).toMatch(/30\.1\.1\.2 > 30\.1\.1\.1: GREv0, Flags \[checksum present, key present, sequence# present\].* key=0x1, seq \d+/);
    expect(words).toMatch(/10\.10\.10\.2 > 10\.10\.10\.1: ICMP echo request/);
  });

  it('are shown where they left when a firewall drops them, and the run fails', async () => {
    await scenario.sh('router-a', guard('output', 'meta l4proto gre counter drop'));
    const dropped = await capture(inventory, 'gre1').finally(() => scenario.sh('router-a', NO_GUARD));
    expect(dropped.status).toBe(1);
    expect(onlyTunnel(dropped).problems.map(({ code, host }) => `${host} ${code}`)).toEqual([
      'router-a capture.nothing-sent',
      'router-a capture.not-answered',
    ]);
  });

  it('are kept from the hosts by Ctrl-C, which shows what there was', async () => {
    const run = await tunorch(['capture', 'gre1', '-i', inventory, '--passive', '--duration', '600', '--timeout', '60'], {
      env: OPS_ENVIRONMENT,
      onEvent: (event, child) => void (event.type === 'listening' && event.host === 'router-b' && child.kill('SIGINT')),
    });
    expect(run.status).toBe(130);
    expect(eventsOf(run, 'captured')).toHaveLength(1);
  });

  it('are not shown where no host has tcpdump, which is told', async () => {
    const hide = (from: string, to: string) => `p=$(command -v tcpdump${from}); mv "$p" "\${p%${from}}${to}"`;
    await scenario.sh('router-b', hide('', '.away'));
    const oneEnd = await capture(inventory, 'gre1');
    await scenario.sh('router-a', hide('', '.away'));
    const none = await capture(inventory, 'gre1');
    for (const host of ['router-a', 'router-b']) await scenario.sh(host, hide('.away', ''));
    expectAll(oneEnd, 'ok');
    expect(eventsOf(oneEnd, 'host-warning')).toMatchObject([{ host: 'router-b', message: expect.stringContaining('Install the package tcpdump') }]);
    expect(none.status).toBe(4);
    expect(onlyTunnel(none).problems.map(({ code }) => code)).toEqual(['host.program-missing', 'host.program-missing']);
  });
});

describe('the packets of an encrypted tunnel', () => {
  it('are told by association and number, and counted as they are', async () => {
    const scenario = await stageExample('ipsec');
    expectAll(await tunorch(['up', scenario.inventory, '--timeout', '60'], { env: OPS_ENVIRONMENT }), 'changed');
    const run = await capture(scenario.inventory, 'gre1');
    expectAll(run, 'ok');
    const [packet] = eventsOf(run, 'packet');
    expect(packet?.packet.sent?.layers).toMatchObject([{ layer: 'ipv4' }, { layer: 'esp' }]);
    expect(eventsOf(run, 'traffic').map(({ traffic }) => traffic)).toMatchObject([
      { of: 'packets', sent: 6, arrived: 6, echoes: { sent: 3, received: 3 } },
      { of: 'packets', sent: 6, arrived: 6, echoes: { sent: 3, received: 3 } },
    ]);
  });
});
