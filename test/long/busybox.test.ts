import { beforeAll, describe, expect, it } from 'vitest';
import { onlyTunnel, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/** What Alpine and OpenWrt have where nobody installed iproute2. Only the program under test finds it in its PATH. */
const OF_BUSYBOX = `printf '#!/bin/sh\\nexec /bin/busybox ip "$@"\\n' >/usr/local/bin/ip
chmod 755 /usr/local/bin/ip; PATH=/usr/local/bin:$PATH; ip -V 2>&1 | grep -q BusyBox && ip link show dev lo | grep -q LOOPBACK`;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

describe('a host whose `ip` is that of busybox', () => {
  beforeAll(async () => {
    scenario = await stageExample('site-to-site');
    before = await scenario.look();
    await scenario.sh('router-b', OF_BUSYBOX);
    return async () => void (await scenario.sh('router-b', 'rm -f /usr/local/bin/ip'));
  });

  it.each(['up', 'down', 'plan', 'verify'])('is told what to install by `%s`, and nothing is changed on either host', async (command) => {
    const run = await tunorch([command, scenario.inventory], { env: OPS_ENVIRONMENT });
    expect(run.status).toBe(4);
    expect(onlyTunnel(run).problems).toEqual([
      expect.objectContaining({ code: 'host.program-missing', host: 'router-b', hint: expect.stringContaining('apk add iproute2') }),
    ]);
    await expectUnchanged(scenario.lab, before);
  });
});
