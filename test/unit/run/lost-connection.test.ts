import pLimit from 'p-limit';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recap } from '../../../src/run/events.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { until } from '../../support/fake-host-stage.ts';
import type { Loss, ScriptSort } from '../../support/fake-host-transport.ts';

type Snapshots = Readonly<Record<string, readonly string[]>>;

interface Trial {
  readonly phase: ScriptSort;
  readonly loss: Loss;
  readonly isForGood: boolean;
  readonly command: 'up' | 'down';
  readonly victim?: 'router-a' | 'router-b';
}

interface Aftermath {
  readonly isLost: boolean;
  readonly recap: Recap;
  readonly before: Snapshots;
  readonly after: Snapshots;
}

/** Long enough for a run on a slow machine. Where the host's own timer fires all the same, the laws hold as well. */
const DEADLINE_SECONDS = 5;
/** Until the timers of both hosts have decided, and some to spare. */
const PATIENCE_SECONDS = 30;

const MIDDLE = ['prepare', 'apply', 'verify', 'settle'] as const;
const LOSSES = ['before', 'meanwhile', 'after', 'killed'] as const;
const COMBINATIONS: readonly (readonly [ScriptSort, Loss])[] = [
  ['gather', 'before'],
  ['gather', 'after'],
  ...MIDDLE.flatMap((phase) => LOSSES.map((loss) => [phase, loss] as const)),
  ['finish', 'before'],
  ['finish', 'killed'],
];
const FOR_GOOD = COMBINATIONS.filter(([phase, loss]) => phase !== 'gather' && loss !== 'meanwhile');
/** Of a removal, a host whose commit or last word was lost has to ask through its old end. */
const REMOVED_FOR_GOOD = (['router-a', 'router-b'] as const).flatMap((victim) =>
  FOR_GOOD.filter(([phase]) => phase === 'settle' || phase === 'finish').map(([phase, loss]) => [phase, loss, victim] as const),
);
const OF_DOWN = COMBINATIONS.filter(([phase, loss]) => (phase === 'apply' || phase === 'settle') && loss !== 'meanwhile');

/** Nobody is told that the path is gone, and a commit must not be waited for so long that its peer cannot be taken back. */
const STALLED: readonly Trial[] = (['up', 'down'] as const).map((command) => ({ phase: 'settle', loss: 'stalled', isForGood: true, command }));

const TRIALS: readonly Trial[] = [
  ...STALLED,
  ...COMBINATIONS.map(([phase, loss]): Trial => ({ phase, loss, isForGood: false, command: 'up' })),
  ...FOR_GOOD.map(([phase, loss]): Trial => ({ phase, loss, isForGood: true, command: 'up' })),
  ...OF_DOWN.map(([phase, loss]): Trial => ({ phase, loss, isForGood: false, command: 'down' })),
  ...REMOVED_FOR_GOOD.map(([phase, loss, victim]): Trial => ({ phase, loss, isForGood: true, command: 'down', victim })),
];

function keyOf({ phase, loss, isForGood, command, victim = 'router-b' }: Trial): string {
  return [command, phase, loss, isForGood, victim].join(' ');
}

/** Most of a trial is waiting for timers, so all are under way at once; a few at a time are at work. */
const inTurn = pLimit(3);

/** The connection to one router is lost once; then everything is let come to rest. */
async function carryOut({ phase, loss, isForGood, command, victim = 'router-b' }: Trial): Promise<Aftermath> {
  const stage = twoRouters();
  try {
    if (command === 'down') await inTurn(() => stage.run({ tunnels: [sites()] }));
    const before = stage.snapshots();
    let tellLost: () => void = () => undefined;
    let isLost = false;
    const lost = new Promise<void>((resolve) => {
      tellLost = resolve;
    });
    const lose = (host: string, sort: ScriptSort) => {
      if (isLost || host !== victim || sort !== phase) return undefined;
      isLost = true;
      tellLost();
      return loss;
    };
    const isReachable = (host: string) => !isForGood || host !== victim || !isLost;
    const { run } = await inTurn(async () => {
      const begun = stage.run({ tunnels: [sites()], command, deadlineSeconds: DEADLINE_SECONDS, faults: { lose, isReachable } });
      await Promise.race([begun, lost]);
      return { run: begun };
    });
    const { recap } = await run;
    await until(() => stage.littered.length === 0, PATIENCE_SECONDS);
    return { isLost, recap, before, after: stage.snapshots() };
  } finally {
    stage.close();
  }
}

let made: Snapshots;
const trials = new Map<string, Promise<Aftermath>>();

async function aftermathOf(trial: Trial): Promise<Aftermath> {
  const aftermath = await trials.get(keyOf(trial));
  if (aftermath === undefined) throw new Error(`no trial ${keyOf(trial)}`);
  return aftermath;
}

beforeAll(async () => {
  const stage = twoRouters();
  await stage.run({ tunnels: [sites()] });
  made = stage.snapshots();
  stage.close();
  for (const trial of TRIALS) {
    const aftermath = carryOut(trial);
    aftermath.catch(() => undefined);
    trials.set(keyOf(trial), aftermath);
  }
}, 60_000);

const timeout = 120_000;

describe('a connection that is lost, and can be had again', () => {
  it.each(COMBINATIONS)('leaves both ends new or both as they were, and the exit code says which: %s, %s', { timeout }, async (phase, loss) => {
    const { isLost, recap, before, after } = await aftermathOf({ phase, loss, isForGood: false, command: 'up' });
    expect(isLost).toBe(true);
    expect([0, 1, 4]).toContain(recap.exitCode);
    expect(after).toEqual(recap.exitCode === 0 ? made : before);
  });
});

describe('a connection that is lost for good', () => {
  it.each(FOR_GOOD)('leaves both ends new or both as they were: %s, %s', { timeout }, async (phase, loss) => {
    const { recap, before, after } = await aftermathOf({ phase, loss, isForGood: true, command: 'up' });
    expect([0, 1, 4, 5]).toContain(recap.exitCode);
    if (recap.exitCode === 5) expect([before, made]).toContainEqual(after);
    else expect(after).toEqual(recap.exitCode === 0 ? made : before);
  });
});

describe('a connection that is lost while a tunnel is removed', () => {
  it.each(OF_DOWN)('leaves both ends without it or both as they were: %s, %s', { timeout }, async (phase, loss) => {
    const { recap, before, after } = await aftermathOf({ phase, loss, isForGood: false, command: 'down' });
    expect([0, 1, 4]).toContain(recap.exitCode);
    const devices = Object.values(after).map((lines) => lines.some((line) => line.includes('"device":"gre1"')));
    expect(devices).toEqual(recap.exitCode === 0 ? [false, false] : [true, true]);
    if (recap.exitCode !== 0) expect(after).toEqual(before);
  });
});

describe('a connection that is lost for good while a tunnel is removed', () => {
  it.each(REMOVED_FOR_GOOD)('leaves both ends without it or both as they were: %s, %s, to %s', { timeout }, async (phase, loss, victim) => {
    const { isLost, recap, before, after } = await aftermathOf({ phase, loss, isForGood: true, command: 'down', victim });
    expect(isLost).toBe(true);
    const devices = Object.values(after).map((lines) => lines.some((line) => line.includes('"device":"gre1"')));
    expect(devices).toEqual(Array(2).fill(devices[0]));
    if (recap.exitCode === 0) expect(devices).toEqual([false, false]);
    else expect(devices).toEqual([true, true]);
    if (devices[0] === true) expect(after).toEqual(before);
  });
});

describe('a path that is silently cut for good', () => {
  it.each(STALLED)('leaves both ends new or both as they were: $command', { timeout }, async (trial) => {
    const { isLost, recap, before, after } = await aftermathOf(trial);
    expect(isLost).toBe(true);
    expect([1, 4, 5]).toContain(recap.exitCode);
    const devices = Object.values(after).map((lines) => lines.some((line) => line.includes('"device":"gre1"')));
    expect(devices).toEqual(Array(2).fill(devices[0]));
    if (recap.exitCode !== 5) expect(after).toEqual(before);
  });
});
