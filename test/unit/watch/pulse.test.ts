import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { holdMs } from '../../../src/watch/damping.ts';
import { beat, type Health, lose, newPulse, type Pulse, type PulseChange } from '../../../src/watch/pulse.ts';
import type { Sighting } from '../../../src/watch/sighting.ts';
import { aTunnel } from '../../support/builders.ts';

const RULES = { intervalMs: 5_000, retries: 3 };

/** A tunnel whose two ends are asked by turns; time goes by only when they are. */
class Course {
  pulse: Pulse;
  at = 0;
  readonly changes: PulseChange[] = [];

  constructor(tunnel: Tunnel = aTunnel(), rules = RULES) {
    this.pulse = newPulse(tunnel, rules, 0);
  }

  /** Some rounds at both ends, half an interval apart. */
  rounds(count: number, fields: Partial<Sighting> & { readonly only?: string } = {}): this {
    const { only, ...sighting } = fields;
    for (let round = 0; round < count; round++) {
      for (const { host } of this.pulse.ends) {
        this.at += this.pulse.rules.intervalMs / 2;
        if (only === undefined || only === host)
          this.#take(beat(this.pulse, { tunnel: 'gre1', host, isAnswered: true, rttMs: 1, link: 'up', ...sighting }, this.at));
      }
    }
    return this;
  }

  lose(host: string): this {
    this.#take(lose(this.pulse, host, this.at));
    return this;
  }

  #take({ pulse, change }: ReturnType<typeof beat>): void {
    this.pulse = pulse;
    if (change !== undefined) this.changes.push(change);
  }

  get path(): readonly Health[] {
    return this.changes.map(({ health }) => health);
  }
}

const SILENT = { isAnswered: false } as const;

describe('a tunnel that is watched', () => {
  it('is unknown until an answer came, then up; that is no change to tell anybody of', () => {
    const { pulse, changes } = new Course().rounds(1);
    expect(pulse.health).toBe('up');
    expect(changes).toMatchObject([{ health: 'up', before: 'unknown', isFirst: true }]);
  });

  it('is down when an end heard nothing as often in a row as there are retries, and not before', () => {
    const course = new Course().rounds(5).rounds(2, SILENT);
    expect(course.pulse.health).toBe('up');
    course.rounds(1, SILENT);
    expect(course.changes.at(-1)).toMatchObject({ health: 'down', before: 'up', reason: 'router-b does not answer router-a through gre1' });
  });

  it('is down where one end alone hears nothing', () => {
    const course = new Course().rounds(5);
    for (let round = 0; round < 3; round++) course.rounds(1, { only: 'router-a' }).rounds(1, { only: 'router-b', ...SILENT });
    expect(course.changes.at(-1)).toMatchObject({ health: 'down', reason: 'router-a does not answer router-b through gre1' });
  });

  it('says that a device is gone rather than that nothing comes through it', () => {
    const course = new Course().rounds(5);
    for (let round = 0; round < 3; round++)
      course.rounds(1, { only: 'router-a', ...SILENT }).rounds(1, { only: 'router-b', ...SILENT, link: 'gone' });
    expect(course.pulse.reason).toBe('gre1 is gone on router-b');
  });

  it('is up again with the first answers, and says how long it was down', () => {
    const course = new Course().rounds(5).rounds(10, SILENT).rounds(1);
    expect(course.path).toEqual(['up', 'down', 'up']);
    expect(course.changes.at(-1)).toMatchObject({ before: 'down', lastedMs: expect.closeTo(40_000, -4) });
    expect(course.pulse).not.toHaveProperty('reason');
  });

  it('is not down because a host cannot be asked while its peer is answered', () => {
    const course = new Course().rounds(5).lose('router-b').rounds(20, { only: 'router-a' });
    expect(course.path).toEqual(['up']);
  });

  it('is unknown, not down, where neither host can be asked', () => {
    const course = new Course().rounds(5).rounds(1, SILENT).lose('router-a').lose('router-b');
    expect(course.changes.at(-1)).toMatchObject({ health: 'unknown', reason: 'neither router-a nor router-b can be asked' });
    expect(course.rounds(1).path).toEqual(['up', 'unknown', 'up']);
  });

  it('is down where the host that can be asked hears nothing of the lost one', () => {
    const course = new Course()
      .rounds(5)
      .lose('router-b')
      .rounds(3, { only: 'router-a', ...SILENT });
    expect(course.pulse).toMatchObject({ health: 'down', reason: 'router-b does not answer router-a through gre1, router-b cannot be asked' });
  });
});

describe('loss and latency', () => {
  it('degrade a tunnel when more than one packet in twenty was lost, and what is calm again is up', () => {
    const course = new Course()
      .rounds(10)
      .rounds(1, { only: 'router-a', ...SILENT })
      .rounds(1);
    expect(course.pulse.health).toBe('up');
    course.rounds(1, { only: 'router-a', ...SILENT }).rounds(1);
    expect(course.changes.at(-1)).toMatchObject({ health: 'degraded', reason: '2 of the last 20 packets were lost, 0 % are allowed' });
    expect(course.rounds(20).path).toEqual(['up', 'degraded', 'up']);
  });

  it('follow the rules of the tunnel', () => {
    const verify = { count: 3, intervalSeconds: 0.2, maxLossPercent: 20, maxRttMs: 50 };
    const lossy = new Course(aTunnel({ verify })).rounds(10);
    for (let time = 0; time < 2; time++) lossy.rounds(1, { only: 'router-a', ...SILENT }).rounds(4);
    expect(lossy.path).toEqual(['up']);
    const slow = new Course(aTunnel({ verify })).rounds(10).rounds(20, { rttMs: 80 });
    expect(slow.changes.at(-1)).toMatchObject({
      health: 'degraded',
      reason: expect.stringMatching(/^packets take \d+\.\d ms on average, 50 ms are allowed$/),
    });
  });

  it('do not count what an outage lost', () => {
    expect(new Course().rounds(10).rounds(5, SILENT).rounds(30).path).toEqual(['up', 'down', 'up']);
  });
});

describe('a tunnel that flaps', () => {
  it('has to answer twice as long after each outage in ten minutes, and its outages are told at once', () => {
    const course = new Course().rounds(5);
    const waits = [1, 2, 3, 4].map(() => {
      course.rounds(3, SILENT);
      expect(course.pulse.health).toBe('down');
      const from = course.at;
      while (course.pulse.health === 'down') course.rounds(1);
      return course.at - from;
    });
    expect(waits).toEqual([5_000, 15_000, 25_000, 45_000]);
  });

  it('begins to wait anew when it falls silent meanwhile', () => {
    const course = new Course().rounds(5).rounds(3, SILENT).rounds(1).rounds(3, SILENT).rounds(2);
    expect(course.pulse).toMatchObject({ health: 'down', answersSince: expect.any(Number) });
    course.rounds(1, { only: 'router-a', ...SILENT });
    expect(course.pulse).not.toHaveProperty('answersSince');
  });

  it('is forgiven after ten minutes, and never waits for more than five', () => {
    const often = Array.from({ length: 16 }, (_, index) => index * 1000);
    expect(holdMs(often, { at: 20_000, intervalMs: 5_000 })).toBe(5 * 60_000);
    expect(holdMs(often, { at: 20_000 + 10 * 60_000, intervalMs: 5_000 })).toBe(0);
  });
});

describe('an outage', () => {
  /** When it is told of at the latest: packets are sent by both ends at paces of their own and wait for an answer. */
  function toldAfterMs({
    cutAt,
    retries,
    phases,
  }: {
    readonly cutAt: number;
    readonly retries: number;
    readonly phases: readonly [number, number];
  }): number {
    const intervalMs = 5_000;
    let pulse = newPulse(aTunnel(), { intervalMs, retries }, 0);
    const sent = pulse.ends.flatMap(({ host }, index) =>
      Array.from({ length: 40 }, (_, round) => ({ host, sentAt: (phases[index] ?? 0) + round * intervalMs * 0.97 })),
    );
    const heard = sent.map(({ host, sentAt }) => {
      const isAnswered = sentAt + 2 < cutAt;
      return { host, isAnswered, at: sentAt + (isAnswered ? 2 : 700) + 250 };
    });
    for (const { host, isAnswered, at } of heard.toSorted((one, other) => one.at - other.at)) {
      pulse = beat(pulse, { tunnel: 'gre1', host, isAnswered, link: 'up', ...(isAnswered ? { rttMs: 2 } : {}) }, at).pulse;
      if (pulse.health === 'down') return at - cutAt;
    }
    return Number.POSITIVE_INFINITY;
  }

  it.each([1, 2, 3, 5])('is told within interval × %i + 1 s, whenever the tunnel is cut and however the ends are apart', (retries) => {
    const late: number[] = [];
    for (let offset = 0; offset < 5_000; offset += 100) {
      for (let apart = 0; apart < 5_000; apart += 1_000) {
        const after = toldAfterMs({ cutAt: 60_000 + offset, retries, phases: [0, apart] });
        if (after > retries * 5_000 + 1_000) late.push(after);
      }
    }
    expect(late).toEqual([]);
  });
});

it('keeps as much of a tunnel after a day as after an hour', () => {
  const hour = new Course();
  const size = () => JSON.stringify(hour.pulse).length;
  const live = (rounds: number) => {
    for (let left = rounds; left > 0; left -= 36) hour.rounds(30).rounds(4, SILENT).rounds(2, { rttMs: 123.456 });
  };
  live(720);
  const after = size();
  live(24 * 720);
  expect(size()).toBeLessThan(after * 1.1 + 200);
  expect(hour.at).toBeGreaterThan(24 * 60 * 60_000);
});
