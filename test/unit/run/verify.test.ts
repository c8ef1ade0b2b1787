import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage, StagedRun } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = twoRouters();
  await stage.run({ tunnels: [sites()] });
});
afterEach(() => stage.close());

function verify(fields: Partial<Parameters<Stage['run']>[0]> = {}): Promise<StagedRun> {
  return stage.run({ tunnels: [sites()], command: 'verify', ...fields });
}

describe('verify', () => {
  it('finds a good tunnel well, and changes nothing', async () => {
    const before = stage.snapshots();
    const { recap, scripts } = await verify();
    expect(recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok', problems: [] }] });
    expect(scripts.filter(({ host }) => host === 'router-a').map(({ sort }) => sort)).toEqual(['gather', 'verify']);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it('finds out that nothing comes through', async () => {
    stage.network.dropped.add('gre');
    const { recap } = await verify();
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed' }] });
    expect(recap.tunnels[0]?.problems.map(({ code, host }) => `${host} ${code}`)).toEqual(['router-a verify.no-reply', 'router-b verify.no-reply']);
  });

  it('tells what is not as declared, though packets cross', async () => {
    stage.host('router-b').type('link change dev gre1 type gre ttl 9');
    const { recap } = await verify();
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed', problems: [{ code: 'verify.drift', host: 'router-b' }] }] });
    expect(recap.tunnels[0]?.problems[0]?.message).toBe('not as declared: change link gre1 (ttl 9 → 255)');
  });

  it('asks each end for what is behind the other: the peer’s own address there, and what the inventory names', async () => {
    const { recap, events } = await verify({
      tunnels: [sites({ verify: { count: 1, intervalSeconds: 0.2, maxLossPercent: 0, targets: ['10.2.1.77'] } })],
    });
    const asked = events.flatMap((event) => (event.type === 'probe' ? [`${event.probe.from} ${event.probe.target} ${event.probe.received}`] : []));
    expect(asked).toEqual(expect.arrayContaining(['router-a 10.2.1.1 1', 'router-b 10.1.1.1 1', 'router-a 10.2.1.77 0']));
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed', problems: [{ code: 'verify.target-silent', host: 'router-a' }] }] });
  });

  it('is degraded where more is lost than allowed', async () => {
    stage.network.lostOfTen = 3;
    const { recap } = await verify({ tunnels: [sites({ verify: { count: 20, intervalSeconds: 0.2, maxLossPercent: 10 } })] });
    expect(recap).toMatchObject({ exitCode: 6, tunnels: [{ outcome: 'degraded' }] });
  });

  it('finds a tunnel that is to be absent well where it is gone, and sends nothing', async () => {
    await stage.run({ tunnels: [sites()], command: 'down' });
    const { recap, scripts, events } = await verify({ tunnels: [sites({ state: 'absent' })] });
    expect(recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok', problems: [] }] });
    expect(scripts.map(({ sort }) => sort)).not.toContain('verify');
    expect(events.map(({ type }) => type)).not.toContain('probe');
  });

  it('tells where a tunnel that is to be absent is still there', async () => {
    const { recap } = await verify({ tunnels: [sites({ state: 'absent' })] });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed' }] });
    expect(recap.tunnels[0]?.problems.map(({ host, message }) => `${host} ${message}`)).toEqual(
      expect.arrayContaining(['router-a not as declared: remove link gre1', 'router-b not as declared: remove link gre1']),
    );
  });

  it('cannot say where a host does not answer', async () => {
    const { recap } = await verify({ faults: { isReachable: (host) => host !== 'router-a' } });
    expect(recap).toMatchObject({ exitCode: 4, tunnels: [{ outcome: 'unreachable', problems: [{ code: 'ssh.unreachable', host: 'router-a' }] }] });
  });
});
