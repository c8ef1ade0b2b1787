import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stagedPath } from '../../../src/domain/persistence.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { type Stage, until } from '../../support/fake-host-stage.ts';
import type { Faults } from '../../support/fake-host-transport.ts';

const TUNNEL = sites({ persist: 'systemd' });
const UNIT = '/etc/systemd/system/tunorch-gre1.service';
const FILES = [
  '/etc/modules-load.d/tunorch-gre1.conf',
  '/etc/sysctl.d/90-tunorch-gre1.conf',
  '/etc/systemd/system/multi-user.target.wants/tunorch-gre1.service',
  UNIT,
];
const HOSTS = ['router-a', 'router-b'] as const;
/** Long enough for a run on a slow machine; then the timers decide. */
const DEADLINE_SECONDS = 12;
const PATIENCE_SECONDS = 45;

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
  for (const host of HOSTS) stage.host(host).files.bootWithSystemd();
});
afterEach(() => stage.close());

function filesOn(host: string): readonly string[] {
  return Object.keys(stage.host(host).files.etc);
}

async function outcomeOf(fields: Partial<Parameters<Stage['run']>[0]> = {}): Promise<string | undefined> {
  const { recap } = await stage.run({ tunnels: [TUNNEL], ...fields });
  return recap.tunnels[0]?.outcome;
}

/** The connection to router-b goes when its host is to hear this, and the shell there with it. */
function losing(phase: 'settle' | 'finish'): Faults {
  return { lose: (host, sort) => (host === 'router-b' && sort === phase ? 'killed' : undefined), isReachable: () => true };
}

describe('a tunnel that is to come back at boot', () => {
  it('gets its files when both ends are kept, not before, and a second run finds nothing to do', async () => {
    const seen: (readonly string[])[] = [];
    const before = (host: string, sort: string) => void (host === 'router-a' && sort === 'finish' && seen.push(filesOn(host)));
    expect(await outcomeOf({ faults: { before } })).toBe('changed');
    expect(seen).toEqual([FILES.map(stagedPath).toSorted()]);
    for (const host of HOSTS) expect(filesOn(host)).toEqual(FILES);
    const { etc } = stage.host('router-a').files;
    expect(etc[UNIT]).toContain('ExecStart=/usr/bin/env ip link set dev gre1 alias tunorch:gre1,ip_forward=0\n');
    expect(etc[FILES[2] ?? '']).toBe(`-> ${UNIT}`);
    expect((await stage.run({ tunnels: [TUNNEL] })).recap.tunnels).toMatchObject([{ outcome: 'ok', changes: 0 }]);
  });

  it('has its files repaired, and verify tells that they differ', async () => {
    await outcomeOf();
    stage.host('router-b').files.put(UNIT, stage.host('router-b').files.etc[UNIT]?.replace('ttl 255', 'ttl 7') ?? '');
    const looked = await stage.run({ tunnels: [TUNNEL], command: 'verify' });
    expect(looked.recap.tunnels[0]?.problems).toMatchObject([{ code: 'verify.drift', host: 'router-b', message: expect.stringContaining(UNIT) }]);
    expect(await outcomeOf()).toBe('changed');
    expect(stage.host('router-b').files.etc[UNIT]).toContain('ttl 255');
  });

  it('leaves no file where it is rolled back', async () => {
    stage.network.dropped.add('gre');
    expect(await outcomeOf()).toBe('rolled-back');
    for (const host of HOSTS) expect(filesOn(host)).toEqual([]);
  });

  it('leaves no file where it failed and is left as it is', async () => {
    stage.network.dropped.add('gre');
    await stage.run({ tunnels: [TUNNEL], onFailure: 'leave' });
    expect(stage.kernel('router-a').state.links.map(({ device }) => device)).toContain('gre1');
    for (const host of HOSTS) expect(filesOn(host)).toEqual([]);
  });

  it('leaves the old files where a change of it is rolled back', async () => {
    await outcomeOf();
    const { etc } = stage.host('router-a').files;
    stage.network.dropped.add('gre');
    expect(await outcomeOf({ tunnels: [sites({ persist: 'systemd', ttl: 9 })] })).toBe('rolled-back');
    expect(stage.host('router-a').files.etc).toEqual(etc);
  });

  it('loses its files with its links, and when nothing is to bring it back any more', async () => {
    await outcomeOf();
    expect(await outcomeOf({ tunnels: [sites()] })).toBe('changed');
    for (const host of HOSTS) expect(filesOn(host)).toEqual([]);
    await outcomeOf();
    stage.host('router-b').type('link delete dev gre1');
    expect(await outcomeOf({ command: 'down' })).toBe('changed');
    for (const host of HOSTS) expect(filesOn(host)).toEqual([]);
  });

  it('is refused where somebody else’s file has its name, which --adopt replaces', async () => {
    stage.host('router-a').files.put(UNIT, '[Unit]\n');
    const refused = await stage.run({ tunnels: [TUNNEL] });
    expect(refused.recap.tunnels[0]).toMatchObject({ outcome: 'failed', problems: [{ code: 'plan.foreign-file', host: 'router-a' }] });
    expect(await outcomeOf({ foreignDevices: 'adopt' })).toBe('changed');
    expect(filesOn('router-a')).toEqual(FILES);
  });

  it('is planned anew where a file changed after the host was read', async () => {
    let isFirst = true;
    const before = (host: string, sort: string) => {
      if (host !== 'router-b' || sort !== 'prepare' || !isFirst) return;
      isFirst = false;
      stage.host(host).files.put('/etc/modules-load.d/tunorch-gre1.conf', '# mine\n');
    };
    const { recap } = await stage.run({ tunnels: [TUNNEL], faults: { before } });
    expect(recap.tunnels[0]?.problems).toMatchObject([{ code: 'plan.foreign-file', host: 'router-b' }]);
    expect(filesOn('router-a')).toEqual([]);
  });
});

describe('a host that is lost with a tunnel that is to come back at boot', () => {
  it('before its commit was heard: the files are there where the tunnel is, and nowhere else', async () => {
    const { recap } = await stage.run({ tunnels: [TUNNEL], deadlineSeconds: DEADLINE_SECONDS, faults: losing('settle') });
    await until(() => stage.littered.length === 0, PATIENCE_SECONDS);
    const isKept = recap.tunnels[0]?.outcome === 'changed';
    for (const host of HOSTS) expect(filesOn(host)).toEqual(isKept ? FILES : []);
  });

  it('when the last word is lost: it hears its peer, and puts the files in their places', async () => {
    expect(await outcomeOf({ deadlineSeconds: DEADLINE_SECONDS, faults: losing('finish') })).toBe('changed');
    await until(() => stage.littered.length === 0, PATIENCE_SECONDS);
    for (const host of HOSTS) expect(filesOn(host)).toEqual(FILES);
  });
});
