import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../../src/domain/tunnel.ts';
import { heal } from '../../../../src/run/watch/healer.ts';
import type { RepairResult } from '../../../../src/run/watch/repair.ts';
import { aTunnel } from '../../../support/builders.ts';
import { WatchStage } from '../../../support/watch-stage.ts';

type Repair = (tunnel: Tunnel, stage: WatchStage) => Omit<RepairResult, 'tunnel'>;

const MENDED: Repair = ({ name }, stage) => {
  stage.path(name).isOpen = true;
  return { outcome: 'repaired', words: 'made link gre1' };
};
const LEFT: Repair = () => ({ outcome: 'left', words: 'firewall-outside (proved)' });
const ROLLED_BACK: Repair = () => ({ outcome: 'failed', words: 'rolled back' });

/** A watch whose repairs are a few lines, and when each was begun, in seconds. */
function healed(repair: Repair, { perHour = 3, tunnels = [aTunnel()] } = {}) {
  const stage = new WatchStage(tunnels);
  const begun: { readonly at: number; readonly tunnels: readonly string[] }[] = [];
  const work = (due: readonly Tunnel[]) => {
    begun.push({ at: (stage.clock.now - 1_000_000) / 1000, tunnels: due.map(({ name }) => name) });
    return Promise.resolve(due.map((tunnel) => ({ tunnel: tunnel.name, ...repair(tunnel, stage) })));
  };
  void heal({ perHour, repair: work }, stage.watch.board, stage.world);
  return { stage, begun };
}

async function cut(stage: WatchStage, seconds: number, tunnel = 'gre1'): Promise<void> {
  stage.path(tunnel).isOpen = false;
  await stage.seconds(seconds);
}

describe('a tunnel that is down', () => {
  it('is repaired, and what was done is told', async () => {
    const { stage, begun } = healed(MENDED);
    await stage.seconds(30);
    await cut(stage, 30);
    expect(begun.length).toBe(1);
    expect(stage.told('repair').map(({ state, words }) => `${state}: ${words}`)).toEqual(['started: doctor is asked', 'repaired: made link gre1']);
    expect(stage.told('tunnel-health').map(({ health }) => health)).toEqual(['up', 'down', 'up']);
    expect(stage.watch.board.repairs.get('gre1')).toEqual({ repaired: 1, failed: 0 });
  });

  it('is repaired so many times an hour and no more, which is told once', async () => {
    const { stage, begun } = healed(MENDED, { perHour: 2 });
    for (let time = 0; time < 4; time++) await cut(stage, 400);
    expect(begun.length).toBe(2);
    expect(stage.told('repair').filter(({ words }) => words.includes('2 times in the last hour')).length).toBe(1);
    await stage.seconds(3600);
    expect(begun.length).toBe(3);
  });

  it('is looked into less and less often where nothing can be done', async () => {
    const { stage, begun } = healed(LEFT);
    await stage.seconds(10);
    await cut(stage, 2 * 3600);
    expect(begun.slice(0, 5).map(({ at }, index) => Math.round((at - (begun[index - 1]?.at ?? at)) / 10) * 10)).toEqual([0, 30, 60, 120, 240]);
    expect(begun.length).toBeLessThan(12);
  });

  it('is not tried again and again where it is rolled back', async () => {
    const { stage, begun } = healed(ROLLED_BACK);
    await cut(stage, 3600);
    expect(begun.length).toBe(3);
    expect(stage.watch.board.repairs.get('gre1')).toEqual({ repaired: 0, failed: 3 });
  });

  it('is looked into at once when it was well in between', async () => {
    const { stage, begun } = healed(LEFT);
    await cut(stage, 600);
    stage.path().isOpen = true;
    await stage.seconds(600);
    const before = begun.length;
    await cut(stage, 20);
    expect(begun.length).toBe(before + 1);
  });

  it('is left alone while one of its hosts cannot be asked, and repaired when it is back', async () => {
    const { stage, begun } = healed(MENDED);
    await stage.seconds(30);
    stage.ills.set('router-b', 'ssh.unreachable');
    await cut(stage, 300);
    expect(begun).toEqual([]);
    stage.ills.clear();
    await stage.seconds(90);
    expect(begun.length).toBe(1);
  });
});

it('takes together what is down together, as after a host was booted anew', async () => {
  const { stage, begun } = healed(MENDED, { tunnels: [aTunnel(), aTunnel({ name: 'gre2' }), aTunnel({ name: 'gre3' })] });
  await stage.seconds(30);
  stage.path('gre1').isOpen = false;
  await cut(stage, 30, 'gre3');
  expect(begun.map(({ tunnels }) => tunnels)).toEqual([['gre1', 'gre3']]);
});
