import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { timerSeconds } from '../../../src/script/journal.ts';
import { aTunnel } from '../../support/builders.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage, StagedRun } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

function outcomes({ recap }: StagedRun): readonly string[] {
  return recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`);
}

describe('up', () => {
  it('makes both ends, hears each from the other, and leaves nothing behind but the tunnel', async () => {
    const made = await stage.run({ tunnels: [sites()] });
    expect(outcomes(made)).toEqual(['gre1 changed']);
    expect(made.recap.exitCode).toBe(0);
    expect(made.events.filter(({ type }) => type === 'probe').map((event) => 'probe' in event && event.probe)).toMatchObject([
      { from: 'router-a', to: 'router-b', target: '10.10.10.2', sent: 3, received: 3 },
      { from: 'router-b', to: 'router-a', target: '10.10.10.1', sent: 3, received: 3 },
    ]);
    expect(stage.littered).toEqual([]);
  });

  it('takes one round trip a phase and host', async () => {
    const { scripts } = await stage.run({ tunnels: [sites()] });
    const onFirst = scripts.filter(({ host }) => host === 'router-a').map(({ sort }) => sort);
    expect(onFirst).toEqual(['gather', 'prepare', 'apply', 'verify', 'settle', 'finish']);
  });

  it('gives hosts a minute more than the packets of its verify take', async () => {
    const verify = { count: 40, intervalSeconds: 5, maxLossPercent: 0 };
    const { scripts } = await stage.run({ tunnels: [sites({ verify })] });
    expect(scripts.find(({ sort }) => sort === 'prepare')?.text).toContain(`"$tunorch_run" ${timerSeconds(40 * 5 + 60 + 1)} `);
  });

  it('changes nothing the second time, and asks each host once', async () => {
    await stage.run({ tunnels: [sites()] });
    const before = stage.snapshots();
    const again = await stage.run({ tunnels: [sites()] });
    expect(outcomes(again)).toEqual(['gre1 ok']);
    expect(again.recap).toMatchObject({ exitCode: 0, tunnels: [{ changes: 0 }] });
    expect(again.scripts.map(({ host, sort }) => `${host} ${sort}`)).toEqual(['router-a gather', 'router-b gather']);
    expect(stage.snapshots()).toEqual(before);
  });

  it('tells what it would do and changes nothing where it is only asked', async () => {
    const before = stage.snapshots();
    const checked = await stage.run({ tunnels: [sites()], isCheck: true, hasDetailedExitCode: true });
    expect(outcomes(checked)).toEqual(['gre1 pending']);
    expect(checked.recap.exitCode).toBe(2);
    expect(checked.recap.tunnels[0]?.changes).toBeGreaterThan(0);
    expect(stage.snapshots()).toEqual(before);
  });

  it('writes nothing on a host when there is nothing to do', async () => {
    await stage.run({ tunnels: [sites()] });
    const changes = stage.kernel('router-a').changes.length;
    await stage.run({ tunnels: [sites()] });
    expect(stage.kernel('router-a').changes).toHaveLength(changes);
  });
});

describe('up after somebody changed a host', () => {
  it.each([
    ['the link is down', ['link set dev gre1 down']],
    ['the MTU is another', ['link set dev gre1 mtu 1300']],
    ['the ttl is another', ['link change dev gre1 type gre ttl 7']],
    ['the keys are others', ['link change dev gre1 type gre ikey 8 okey 9']],
    ['there are no keys', ['link change dev gre1 type gre noikey nookey']],
    ['checksums are on', ['link change dev gre1 type gre icsum ocsum']],
    ['a tos is set', ['link change dev gre1 type gre tos 10']],
    ['the outer address is another', ['link change dev gre1 type gre remote 30.1.1.9']],
    ['an address is gone', ['address delete 10.10.10.1 peer 10.10.10.2 dev gre1']],
    ['an address is more', ['address add 10.77.1.1/24 dev gre1']],
    ['a route is gone', ['route delete 10.2.1.0/24 dev gre1 proto 205']],
    ['a route of ours is more', ['route add 10.66.0.0/16 dev gre1 proto 205']],
    ['the outer packets may be fragmented', ['link change dev gre1 type gre ttl inherit', 'link change dev gre1 type gre nopmtudisc ttl 255']],
    ['the link is down and changed', ['link set dev gre1 down', 'link change dev gre1 type gre ttl 9', 'address add 10.77.1.1/24 dev gre1']],
  ])('brings back what was declared: %s', async (_what, typed) => {
    await stage.run({ tunnels: [sites()] });
    const made = stage.snapshots();
    for (const words of typed) stage.host('router-a').type(words);
    const repaired = await stage.run({ tunnels: [sites()] });
    expect(outcomes(repaired)).toEqual(['gre1 changed']);
    expect(stage.snapshots()).toEqual(made);
    expect(stage.littered).toEqual([]);
  });

  it('makes the device again where somebody deleted it', async () => {
    await stage.run({ tunnels: [aTunnel()] });
    const made = stage.snapshots();
    stage.host('router-a').type('link delete dev gre1');
    await stage.run({ tunnels: [aTunnel()] });
    expect(stage.snapshots()).toEqual(made);
  });

  it('leaves alone what a routing daemon wrote into the tunnel', async () => {
    await stage.run({ tunnels: [sites()] });
    stage.host('router-a').type('route add 10.200.0.0/16 dev gre1 proto bgp');
    const again = await stage.run({ tunnels: [sites()] });
    expect(outcomes(again)).toEqual(['gre1 ok']);
    expect(stage.snapshots()['router-a']?.some((line) => line.includes('10.200.0.0/16'))).toBe(true);
  });

  it('brings forwarding back where somebody switched it off', async () => {
    await stage.run({ tunnels: [sites()] });
    const made = stage.snapshots();
    stage.kernel('router-a').writeSysctl('net/ipv4/ip_forward', '0');
    await stage.run({ tunnels: [sites()] });
    expect(stage.snapshots()).toEqual(made);
  });
});

describe('up after the inventory was changed', () => {
  it.each<[string, Partial<Tunnel>]>([
    ['another key', { endpoints: aTunnel({}, [{ ikey: 5 }, { ikey: 6 }]).endpoints }],
    ['another ttl and MTU', { ttl: 64, mtuBytes: 1400 }],
    ['other inner addresses in one network', { endpoints: aTunnel({}, [{ addresses: ['10.9.0.1/24'] }, { addresses: ['10.9.0.2/24'] }]).endpoints }],
    ['another mode', { mode: 'ipip', endpoints: aTunnel({ mode: 'ipip', name: 'gre1' }).endpoints }],
  ])('brings both ends over: %s', async (_what, fields) => {
    await stage.run({ tunnels: [sites()] });
    const changed = await stage.run({ tunnels: [sites(fields)] });
    expect(outcomes(changed)).toEqual(['gre1 changed']);
    const again = await stage.run({ tunnels: [sites(fields)] });
    expect(outcomes(again)).toEqual(['gre1 ok']);
  });
});

describe('down', () => {
  it('leaves both hosts as they were before the first up, but for the module', async () => {
    const before = stage.snapshots();
    await stage.run({ tunnels: [sites()] });
    const gone = await stage.run({ tunnels: [sites()], command: 'down' });
    expect(gone.recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'changed' }] });
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it('keeps forwarding on where it was on before', async () => {
    for (const host of ['router-a', 'router-b']) stage.kernel(host).writeSysctl('net/ipv4/ip_forward', '1');
    const before = stage.snapshots();
    await stage.run({ tunnels: [sites()] });
    await stage.run({ tunnels: [sites()], command: 'down' });
    expect(stage.snapshots()).toEqual(before);
  });

  it('keeps forwarding of single devices that had it of their own', async () => {
    stage.kernel('router-a').writeSysctl('net/ipv4/conf/eth1/forwarding', '1');
    const before = stage.snapshots();
    await stage.run({ tunnels: [sites()] });
    await stage.run({ tunnels: [sites()], command: 'down' });
    expect(stage.snapshots()).toEqual(before);
  });

  it('has nothing to do where nothing is', async () => {
    const nothing = await stage.run({ tunnels: [sites()], command: 'down' });
    expect(nothing.recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok', changes: 0 }] });
  });

  it('does not touch a device of the same name that it did not make', async () => {
    stage.host('router-a').type('link add name gre1 type gre local 30.1.1.1 remote 30.1.1.7');
    const before = stage.snapshots();
    const refused = await stage.run({ tunnels: [sites()], command: 'down' });
    expect(refused.recap).toMatchObject({
      exitCode: 1,
      tunnels: [{ outcome: 'failed', problems: [{ code: 'plan.foreign-device', host: 'router-a' }] }],
    });
    expect(stage.snapshots()).toEqual(before);
  });
});
