import { renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTunnel, behind } from '../../support/builders.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage } from '../../support/fake-host-stage.ts';

const WORDS = 'RTNETLINK answers: No buffer space available';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters({ modules: { ip_gre: 'loaded', ipip: 'loaded' } }, { modules: { ip_gre: 'loaded', ipip: 'loaded' } });
});
afterEach(() => stage.close());

/** One change after the other is refused on one host, until a run gets through without meeting the refusal. */
async function refuseEach(tunnels: Parameters<Stage['run']>[0]['tunnels'], command: 'up' | 'down' = 'up'): Promise<number> {
  for (let after = 0; ; after += 1) {
    const before = stage.snapshots();
    stage.kernel('router-b').refuse({ after, words: WORDS });
    const { recap } = await stage.run({ tunnels, command });
    if (recap.exitCode === 0) return after;
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    const [problem] = recap.tunnels[0]?.problems ?? [];
    expect(problem).toMatchObject({ code: 'apply.step-refused', host: 'router-b', words: WORDS });
    expect(problem?.step).toBeTruthy();
    expect(problem?.command).toMatch(/^(ip|modprobe) /);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  }
}

describe('a step that one host refuses', () => {
  it('takes both ends back, at every step of making a tunnel', async () => {
    expect(await refuseEach([sites()])).toBe(5);
  });

  it('takes both ends back, at every step of a repair', async () => {
    await stage.run({ tunnels: [sites()] });
    const other = aTunnel({ ttl: 9, mtuBytes: 1300 }, [
      { ikey: 7, addresses: ['10.10.10.5/24'] },
      { ikey: 8, addresses: ['10.10.10.6/24', '10.10.10.7/24'], networks: ['10.3.0.0/16'] },
    ]);
    expect(await refuseEach([other])).toBeGreaterThanOrEqual(6);
  });

  it('takes both ends back, at every step of a replacement, with all that hung on the old device', async () => {
    await stage.run({ tunnels: [sites()] });
    for (const host of ['router-a', 'router-b']) {
      stage.host(host).type('link set dev gre1 multicast on');
      stage.host(host).type('route add 10.200.0.0/16 dev gre1 proto bgp');
    }
    expect(await refuseEach([aTunnel({ name: 'gre1', mode: 'ipip', mtuBytes: 1480 })])).toBeGreaterThanOrEqual(7);
  });

  it('brings the old device back with its own sysctls, and a new one gets them', async () => {
    await stage.run({ tunnels: [sites()] });
    const ownFilter = () => stage.kernel('router-a').state.sysctls.get('net/ipv4/conf/gre1/rp_filter');
    stage.kernel('router-a').writeSysctl('net/ipv4/conf/gre1/rp_filter', '2');
    const before = stage.snapshots();
    const ipip = aTunnel({ name: 'gre1', mode: 'ipip', mtuBytes: 1480 });
    stage.kernel('router-b').refuse({ after: 2 });
    expect((await stage.run({ tunnels: [ipip] })).recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(stage.snapshots()).toEqual(before);
    expect((await stage.run({ tunnels: [ipip] })).recap.exitCode).toBe(0);
    expect(ownFilter()).toBe('2');
  });

  it('takes both ends back, at every step of removing it', async () => {
    await stage.run({ tunnels: [sites()] });
    expect(await refuseEach([sites()], 'down')).toBeGreaterThanOrEqual(1);
  });

  it('leaves both ends as they are where nobody wants them back, with the commands that undo them', async () => {
    stage.kernel('router-b').refuse({ after: 3, words: WORDS });
    const { recap, events } = await stage.run({ tunnels: [sites()], onFailure: 'leave' });
    expect(recap).toMatchObject({ exitCode: 5, tunnels: [{ outcome: 'rollback-incomplete', isProved: false }] });
    expect(recap.tunnels[0]?.problems.map(({ code, host }) => `${host}: ${code}`)).toEqual([
      'router-b: apply.step-refused',
      'router-a: rollback.not-wanted',
      'router-b: rollback.not-wanted',
    ]);
    expect(events.filter(({ type }) => type === 'tunnel-phase')).not.toContainEqual(expect.objectContaining({ phase: 'roll-back' }));
    expect(stage.littered).toEqual([]);
    expect(recap.tunnels[0]?.leftToType?.map(({ host, commands }) => [host, commands.at(-1)])).toEqual([
      ['router-a', 'sysctl -w net/ipv4/ip_forward=0'],
      ['router-b', 'sysctl -w net/ipv4/ip_forward=0'],
    ]);
    for (const host of ['router-a', 'router-b']) expect(stage.kernel(host).state.links).toContainEqual(expect.objectContaining({ device: 'gre1' }));
  });

  it('is told with the step, the command and the words of the host', async () => {
    stage.kernel('router-b').refuse({ after: 3, words: 'RTNETLINK answers: File exists' });
    const { recap, events } = await stage.run({ tunnels: [sites()] });
    expect(recap.tunnels[0]?.problems[0]).toMatchObject({
      code: 'apply.step-refused',
      host: 'router-b',
      step: 'add address 10.10.10.2 peer 10.10.10.1 to gre1',
      command: 'ip address add 10.10.10.2 peer 10.10.10.1 dev gre1',
      words: 'RTNETLINK answers: File exists',
    });
    const steps = events.flatMap((event) => (event.type === 'step' && event.host === 'router-b' ? [`${event.title}: ${event.state}`] : []));
    expect(steps).toContain('add link gre1: done');
    expect(steps).toContain('add address 10.10.10.2 peer 10.10.10.1 to gre1: failed');
    expect(steps).toContain('add link gre1: rolled-back');
  });

  it('takes back a setting that could not be written', async () => {
    const file = join(stage.host('router-b').files.root, 'proc/sys/net/ipv4/ip_forward');
    const before = stage.snapshots();
    const { recap } = await stage.run({
      tunnels: [sites()],
      faults: {
        before(host, sort) {
          if (host !== 'router-b' || (sort !== 'apply' && sort !== 'settle')) return;
          if (sort === 'apply') {
            renameSync(file, `${file}.aside`);
            symlinkSync('/nowhere/at/all', file);
          } else {
            unlinkSync(file);
            renameSync(`${file}.aside`, file);
          }
        },
      },
    });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(recap.tunnels[0]?.problems[0]).toMatchObject({ step: 'set sysctl net.ipv4.ip_forward to 1', host: 'router-b' });
    expect(stage.snapshots()).toEqual(before);
  });
});

describe('a tunnel that carries nothing', () => {
  it.each([
    ['the path drops protocol 47', () => void stage.network.dropped.add('gre')],
    ['everything is lost', () => Object.assign(stage.network, { lostOfTen: 10 })],
  ])('is taken back where %s', async (_why, breakPath) => {
    const before = stage.snapshots();
    breakPath();
    const { recap } = await stage.run({ tunnels: [sites()] });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(recap.tunnels[0]?.problems.map(({ code, host }) => `${host} ${code}`)).toEqual(['router-a verify.no-reply', 'router-b verify.no-reply']);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it('is taken back where packets of its full size do not get through', async () => {
    const before = stage.snapshots();
    stage.network.mtuBytes = 1400;
    const { recap } = await stage.run({ tunnels: [sites()] });
    expect(recap.exitCode).toBe(1);
    expect(recap.tunnels[0]?.problems[0]).toMatchObject({ code: 'verify.full-size-lost' });
    expect(stage.snapshots()).toEqual(before);
  });

  it('comes back as it was where a repair broke it', async () => {
    await stage.run({ tunnels: [sites()] });
    const before = stage.snapshots();
    stage.network.mtuBytes = 1490;
    const { recap } = await stage.run({ tunnels: [sites({ mtuBytes: 1472, ttl: 64 })] });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(stage.snapshots()).toEqual(before);
  });

  it('stays where only some packets are lost', async () => {
    stage.network.lostOfTen = 1;
    const { recap } = await stage.run({ tunnels: [sites({ verify: { count: 10, intervalSeconds: 0.2, maxLossPercent: 50 } })] });
    expect(recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'changed' }] });
  });
});

describe('a rollback that does not come out equal', () => {
  it('ends with 5 and the commands left to type', async () => {
    const { recap } = await stage.run({
      tunnels: [sites()],
      faults: {
        before(host, sort) {
          if (host === 'router-b' && sort === 'apply') stage.kernel(host).refuse({ after: 4, words: WORDS });
          if (host === 'router-a' && sort === 'settle') stage.host(host).type('link set dev gre1 alias somebody');
        },
      },
    });
    expect(recap).toMatchObject({ exitCode: 5, tunnels: [{ outcome: 'rollback-incomplete', isProved: false }] });
    const [tunnel] = recap.tunnels;
    expect(tunnel?.problems.some(({ code, host }) => code === 'rollback.differs' && host === 'router-a')).toBe(true);
    expect(tunnel?.leftToType).toEqual([{ host: 'router-a', commands: expect.arrayContaining(['ip link delete dev gre1']) }]);
  });
});

it('leaves on what another tunnel of the run needs, and calls that no difference', async () => {
  const other = aTunnel({ name: 'gre2', mtuBytes: 1472 }, [
    { ...behind('10.1.2.0/24'), ikey: 2, addresses: ['10.10.20.1 peer 10.10.20.2'] },
    { ...behind('10.2.2.0/24'), ikey: 2, addresses: ['10.10.20.2 peer 10.10.20.1'] },
  ]);
  stage.kernel('router-b').refuse({ after: 4, words: WORDS });
  const { recap } = await stage.run({ tunnels: [sites(), other] });
  expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }, { outcome: 'changed' }] });
  expect(stage.kernel('router-b').state.sysctls.get('net/ipv4/ip_forward')).toBe('1');
});
