import { spawn } from 'node:child_process';
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTunnel } from '../../support/builders.ts';
import { aKernel } from '../../support/builders-kernel.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { Stage, until } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

describe('a host that cannot be worked with', () => {
  it('leaves the other as it is where it does not answer', async () => {
    const before = stage.snapshots();
    const { recap, scripts } = await stage.run({ tunnels: [sites()], faults: { isReachable: (host) => host !== 'router-b' } });
    expect(recap).toMatchObject({ exitCode: 4, tunnels: [{ outcome: 'unreachable', problems: [{ code: 'ssh.unreachable', host: 'router-b' }] }] });
    expect(scripts.every(({ sort }) => sort === 'gather')).toBe(true);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it.each([
    ['another run holds it', ''],
    ['another run is half done there', 'link add name gre1 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1'],
  ])('leaves the other as it is where %s', async (_, halfMade) => {
    if (halfMade !== '') stage.host('router-b').type(halfMade);
    const before = stage.snapshots();
    const { root } = stage.host('router-b').files;
    const home = join(root, 'run/tunorch', /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? '');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'owner'), 'ada@desk: tunorch up\n');
    const held = join(root, 'held');
    const holder = spawn('sh', ['-c', 'exec 9>>"$0/lock"; flock 9; : >"$1"; exec sleep 60', home, held], { detached: true, stdio: 'ignore' });
    await until(() => stage.host('router-b').files.has('held'));
    const { recap } = await stage.run({ tunnels: [sites()] });
    process.kill(-(holder.pid ?? 0), 'SIGKILL');
    expect(recap).toMatchObject({ exitCode: 4, tunnels: [{ outcome: 'unreachable' }] });
    const [problem] = recap.tunnels[0]?.problems ?? [];
    expect(problem).toMatchObject({ code: 'host.locked', host: 'router-b' });
    expect(problem?.message).toContain('ada@desk: tunorch up');
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual(['router-b']);
  });

  it('is worked with all the same where an earlier lock was left by nobody', async () => {
    const { root } = stage.host('router-b').files;
    const home = join(root, 'run/tunorch', /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? '');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'lock'), '');
    writeFileSync(join(home, 'owner'), 'somebody who was killed\n');
    const { recap } = await stage.run({ tunnels: [sites()] });
    expect(recap.exitCode).toBe(0);
    expect(stage.littered).toEqual([]);
  });

  it('is planned anew where it changed once between the look and the lock', async () => {
    let times = 0;
    const { recap, scripts } = await stage.run({
      tunnels: [sites()],
      faults: {
        before(host, sort) {
          if (host !== 'router-b' || sort !== 'prepare') return;
          times += 1;
          if (times === 1) stage.host(host).type('route add 10.101.0.0/16 dev eth1');
        },
      },
    });
    expect(recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'changed' }], hosts: [{ isUnreachable: false }, { isUnreachable: false }] });
    expect(scripts.filter(({ host, sort }) => host === 'router-b' && sort === 'prepare')).toHaveLength(2);
    expect(stage.littered).toEqual([]);
  });

  it('leaves the other as it is where its facts make no sense any more when they are read again', async () => {
    const before = stage.host('router-a').snapshot();
    const { recap } = await stage.run({
      tunnels: [sites()],
      faults: {
        before(host, sort) {
          if (host !== 'router-b' || sort !== 'prepare') return;
          stage.host(host).type('route add 10.101.0.0/16 dev eth1');
          for (const link of stage.kernel(host).state.links) if (link.device === 'eth1') link.mtuBytes = Number.NaN;
        },
      },
    });
    expect(recap).toMatchObject({
      exitCode: 4,
      tunnels: [{ outcome: 'unreachable', problems: [{ code: 'host.facts-unreadable', host: 'router-b' }] }],
    });
    expect(stage.host('router-a').snapshot()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it('is not changed where it changes again and again between the look and the lock', async () => {
    const before = stage.host('router-a').snapshot();
    let times = 0;
    const { recap } = await stage.run({
      tunnels: [sites()],
      faults: {
        before(host, sort) {
          if (host !== 'router-b' || sort !== 'prepare') return;
          times += 1;
          stage.host(host).type(`route add 10.${times + 100}.0.0/16 dev eth1`);
        },
      },
    });
    expect(recap).toMatchObject({ exitCode: 4, tunnels: [{ outcome: 'unreachable' }] });
    expect(recap.tunnels[0]?.problems).toMatchObject([{ code: 'host.changed-meanwhile', host: 'router-b' }]);
    expect(stage.host('router-a').snapshot()).toEqual(before);
    expect(stage.kernel('router-b').state.links.some(({ device }) => device === 'gre1')).toBe(false);
    expect(stage.littered).toEqual([]);
  });

  it.each([
    ['there is no such module', 'missing', 'this kernel has no such module'],
    ['it is blacklisted', 'blacklisted', 'it is blacklisted in modprobe.d'],
    ['an install rule keeps it away', 'install-false', 'an `install` rule in modprobe.d'],
  ] as const)('leaves the other as it is where %s', async (_why, found, words) => {
    stage.close();
    stage = twoRouters({}, { modules: { ip_gre: found } });
    const before = stage.snapshots();
    const { recap } = await stage.run({ tunnels: [sites()] });
    expect(recap).toMatchObject({
      exitCode: 4,
      tunnels: [{ outcome: 'unreachable', problems: [{ code: 'host.kernel-support', host: 'router-b' }] }],
    });
    expect(recap.tunnels[0]?.problems[0]?.message).toContain(words);
    expect(stage.snapshots()).toEqual(before);
  });

  it('ends with 1 where a tunnel of its own stands against it, and changes nothing', async () => {
    stage.close();
    stage = twoRouters({}, { typed: ['link add name old type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1'] });
    const before = stage.snapshots();
    const { recap } = await stage.run({ tunnels: [sites()] });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed', problems: [{ code: 'plan.identity-in-use', host: 'router-b' }] }] });
    expect(stage.snapshots()).toEqual(before);
  });
});

describe('a run that is interrupted', () => {
  it('begins nothing where it was interrupted while it looked', async () => {
    const before = stage.snapshots();
    const controller = new AbortController();
    const { recap } = await stage.run({
      tunnels: [sites()],
      interrupt: controller.signal,
      faults: { before: (_host, sort) => (sort === 'gather' ? controller.abort() : undefined) },
    });
    expect(recap.exitCode).toBe(130);
    expect(stage.snapshots()).toEqual(before);
  });

  it.each(['prepare', 'apply', 'verify'] as const)('takes everything back where it was interrupted in the phase %s', async (phase) => {
    const before = stage.snapshots();
    const controller = new AbortController();
    const { recap } = await stage.run({
      tunnels: [sites()],
      interrupt: controller.signal,
      faults: { before: (_host, sort) => (sort === phase ? controller.abort() : undefined) },
    });
    expect(recap.exitCode).toBe(130);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });
});

describe('a hub with three spokes', () => {
  const spokes = ['spoke-1', 'spoke-2', 'spoke-3'];
  const tunnels = spokes.map((spoke, index) =>
    aTunnel({ name: `tun${index}` }, [
      { host: 'hub', local: '30.1.1.1', ikey: index, addresses: [`10.${index}.0.1 peer 10.${index}.0.2`] },
      { host: spoke, local: `30.1.1.${index + 2}`, ikey: index, addresses: [`10.${index}.0.2 peer 10.${index}.0.1`], forwarding: true },
    ]),
  );

  beforeEach(() => {
    stage.close();
    const kernels = spokes.map((spoke, index) => [spoke, aKernel({ links: [`eth0 30.1.1.${index + 2}/24`] })] as const);
    stage = new Stage({ hub: aKernel(), ...Object.fromEntries(kernels) });
  });

  it('gets all of them in one transaction', async () => {
    const { recap, scripts } = await stage.run({ tunnels });
    expect(recap).toMatchObject({ exitCode: 0, tunnels: tunnels.map(() => ({ outcome: 'changed' })) });
    expect(scripts.filter(({ host, sort }) => host === 'hub' && sort === 'apply')).toHaveLength(1);
    expect(stage.littered).toEqual([]);
  });

  it('loses one tunnel at both its ends where one spoke refuses a step, and keeps the others', async () => {
    const without = tunnels.filter((_, index) => index !== 1);
    const spoke = stage.host('spoke-2').snapshot();
    stage.kernel('spoke-2').refuse({ after: 2 });
    const { recap } = await stage.run({ tunnels });
    expect(recap.exitCode).toBe(1);
    expect(recap.tunnels.map(({ outcome }) => outcome)).toEqual(['changed', 'rolled-back', 'changed']);
    expect(stage.host('spoke-2').snapshot()).toEqual(spoke);
    expect(stage.kernel('hub').state.links.map(({ device }) => device)).toEqual(expect.not.arrayContaining(['tun1']));
    expect((await stage.run({ tunnels: without })).recap.tunnels.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(stage.littered).toEqual([]);
  });

  it('keeps what works where one spoke does not answer', async () => {
    const { recap } = await stage.run({ tunnels, faults: { isReachable: (host) => host !== 'spoke-3' } });
    expect(recap.exitCode).toBe(4);
    expect(recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`)).toEqual(['tun0 changed', 'tun1 changed', 'tun2 unreachable']);
    expect(stage.kernel('hub').state.links.some(({ device }) => device === 'tun2')).toBe(false);
  });

  it('does not let those that both ends confirmed wait for a spoke that was lost', { timeout: 90_000 }, async () => {
    let isLost = false;
    const { recap, scripts } = await stage.run({
      tunnels,
      deadlineSeconds: 20,
      faults: {
        lose: (host, sort) => (host === 'spoke-3' && sort === 'settle' ? 'killed' : undefined),
        isReachable: (host) => host !== 'spoke-3' || !isLost,
        before: (host, sort) => {
          isLost ||= host === 'spoke-3' && sort === 'settle';
        },
      },
    });
    expect(recap.tunnels.slice(0, 2)).toMatchObject([{ outcome: 'changed' }, { outcome: 'changed' }]);
    const words = scripts.filter(({ host, sort }) => host === 'hub' && (sort === 'finish' || sort === 'settle'));
    expect(words.map(({ sort }) => sort).slice(0, 2)).toEqual(['settle', 'finish']);
    expect(words[1]?.text).toMatch(/tunorch_finish 1 2$/);
    await until(() => stage.littered.length === 0, 30);
  });

  it('has no address to ask where the ends have none of one family, and says so', async () => {
    const [first] = tunnels;
    if (first === undefined) throw new Error('there is a first tunnel');
    const [hub, spoke] = first.endpoints;
    const { recap } = await stage.run({ tunnels: [{ ...first, endpoints: [hub, { ...spoke, addresses: [{ address: 'fd00::2', length: 64 }] }] }] });
    expect(recap.tunnels[0]).toMatchObject({ outcome: 'rolled-back', isProved: true });
    expect(recap.tunnels[0]?.problems.map(({ code }) => code)).toContain('verify.no-target');
  });

  it('is whole again after a second run', async () => {
    stage.kernel('spoke-2').refuse({ after: 2 });
    await stage.run({ tunnels });
    const { recap } = await stage.run({ tunnels });
    expect(recap.tunnels.map(({ outcome }) => outcome)).toEqual(['ok', 'changed', 'ok']);
  });
});
