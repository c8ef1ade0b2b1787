import { describe, expect, it } from 'vitest';
import { QUIT } from '../../../../src/run/watch/watch.ts';
import { aTunnel } from '../../../support/builders.ts';
import { WatchStage } from '../../../support/watch-stage.ts';

describe('a watch', () => {
  it('tells nothing but changes: an outage within interval × retries + 1 s, and its end', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(63);
    expect(stage.told('tunnel-health')).toMatchObject([{ health: 'up', isFirst: true }]);
    const cutAt = stage.clock.now;
    stage.path().isOpen = false;
    await stage.seconds(40);
    const [, down] = stage.told('tunnel-health');
    expect(down).toMatchObject({ health: 'down', before: 'up' });
    expect((down?.at ?? 0) - cutAt).toBeLessThanOrEqual(16_000);
    stage.path().isOpen = true;
    await stage.seconds(6);
    expect(stage.told('tunnel-health').map(({ health }) => health)).toEqual(['up', 'down', 'up']);
  });

  it('keeps one session a host, however long it goes on', async () => {
    const stage = await new WatchStage([aTunnel(), aTunnel({ name: 'gre2' })]).seconds(600);
    expect(stage.connections.map(({ host }) => host)).toEqual(['router-a', 'router-b']);
    await stage.end();
    expect(stage.openSessions).toBe(0);
  });

  it('says why a device is silent: it is gone on one host', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(20);
    stage.path().gone = 'router-b';
    await stage.seconds(20);
    expect(stage.told('tunnel-health').at(-1)).toMatchObject({ health: 'down', reason: 'gre1 is gone on router-b' });
  });

  it('counts bytes a second as the host’s own clock has them', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(20);
    stage.path().bytes = 48_500;
    await stage.seconds(5);
    const [first] = stage.watch.board.pulses.get('gre1')?.ends ?? [];
    expect(first?.rates).toEqual({ rx: expect.closeTo(10_000, -2), tx: expect.closeTo(20_000, -2) });
  });
});

describe('a host that is lost', () => {
  it('is met again with longer and longer pauses; its tunnel is up meanwhile as far as its peer hears it', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(30);
    stage.ills.set('router-b', 'ssh.unreachable');
    await stage.seconds(120);
    expect(stage.told('host-failed').map(({ host, code }) => `${host} ${code}`)).toEqual([
      'router-b ssh.connection-lost',
      'router-b ssh.unreachable',
    ]);
    expect(stage.told('tunnel-health').map(({ health }) => health)).toEqual(['up']);
    const tries = stage.connections.filter(({ host }) => host === 'router-b').slice(1);
    expect(tries.length).toBeLessThan(9);
    stage.ills.clear();
    await stage.seconds(45);
    expect(stage.told('host-reached').map(({ host }) => host)).toEqual(['router-a', 'router-b', 'router-b']);
  });

  it('leaves its tunnels unknown where the peer is lost too, and up again when they come back', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(30);
    for (const host of ['router-a', 'router-b']) stage.ills.set(host, 'ssh.unreachable');
    await stage.seconds(60);
    expect(stage.told('tunnel-health').at(-1)).toMatchObject({ health: 'unknown', before: 'up' });
    stage.ills.clear();
    await stage.seconds(60);
    expect(stage.told('tunnel-health').map(({ health }) => health)).toEqual(['up', 'unknown', 'up']);
  });

  it('that says nothing any more is given up, and its silent tunnel is down in time by what the peer hears', async () => {
    const stage = await new WatchStage([aTunnel()]).seconds(30);
    const cutAt = stage.clock.now;
    stage.ills.set('router-b', 'stalled');
    stage.path().isOpen = false;
    await stage.seconds(60);
    const down = stage.told('tunnel-health').find(({ health }) => health === 'down');
    expect((down?.at ?? Number.POSITIVE_INFINITY) - cutAt).toBeLessThanOrEqual(16_000);
    expect(stage.told('host-failed').map(({ code }) => code)).toEqual(['shell.timeout', 'ssh.timeout']);
  });

  it('and refuses is asked seldom', async () => {
    const stage = new WatchStage([aTunnel()], { intervalSeconds: 60 });
    stage.ills.set('router-b', 'ssh.auth-refused');
    await stage.seconds(3600);
    expect(stage.connections.filter(({ host }) => host === 'router-b').length).toBeLessThan(10);
  });
});

describe('the end of a watch', () => {
  it.each([
    ['a signal', 'signal', 130],
    ['the key q', QUIT, 0],
  ])('by %s lets every host go and tells how all stood', async (_name, reason, exitCode) => {
    const stage = await new WatchStage([aTunnel()]).seconds(30);
    stage.path().isOpen = false;
    await stage.seconds(30);
    expect(await stage.end(reason)).toMatchObject({ exitCode, tunnels: [{ tunnel: 'gre1', outcome: 'failed' }] });
    expect(stage.openSessions).toBe(0);
    expect(stage.events.at(-1)?.type).toBe('run-finished');
  });

  it('comes at once while a host is being waited for', async () => {
    const stage = new WatchStage([aTunnel()]);
    stage.ills.set('router-a', 'ssh.unreachable');
    await stage.seconds(10);
    expect(await stage.end()).toMatchObject({ exitCode: 130 });
  });
});

it('says of a tunnel that it cannot be watched, rather than that it is down', async () => {
  const bare = aTunnel({ name: 'bare' }, [{ addresses: [] }, { addresses: [] }]);
  const stage = await new WatchStage([aTunnel(), bare]).seconds(30);
  expect(stage.told('watch-warning').map(({ message }) => message)).toEqual([
    expect.stringMatching(/^bare has no inner addresses .* it is not watched$/),
  ]);
  expect([...stage.watch.board.pulses.keys()]).toEqual(['gre1']);
});

it('holds no more after two days with outages than after one', async () => {
  const stage = new WatchStage([aTunnel(), aTunnel({ name: 'gre2' })], { intervalSeconds: 300 });
  const size = () => JSON.stringify([...stage.watch.board.pulses, ...stage.watch.board.hosts]).length;
  const live = async (hours: number) => {
    for (let hour = 0; hour < hours; hour++) {
      stage.path('gre2').isOpen = false;
      await stage.seconds(1000);
      stage.path('gre2').isOpen = true;
      stage.ills.set('router-b', 'ssh.unreachable');
      await stage.seconds(100);
      stage.ills.clear();
      await stage.seconds(2500);
    }
  };
  await live(24);
  const after = size();
  await live(24);
  expect(size()).toBeLessThan(after * 1.1 + 200);
  expect(stage.told('tunnel-health').length).toBeLessThan(48 * 4 + 4);
}, 60_000);
