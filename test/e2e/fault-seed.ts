import type { Trial } from './fault-course.ts';
import { MOMENTS, type Moment } from './fault-gate.ts';
import type { FaultName } from './fault-kinds.ts';
import { HOSTS, STANDS, type Stand } from './fault-stage.ts';
import { type Random, randomFrom } from './random.ts';

/** Each fault as often as it is worth the time it takes. */
const FREQUENCY: Readonly<Partial<Record<FaultName, number>>> = {
  none: 1,
  sigkill: 5,
  sigint: 4,
  sigterm: 2,
  reset: 5,
  'answers-lost': 3,
  'ssh-cut-a-while': 3,
  'ssh-cut': 2,
  'link-cut-a-while': 3,
  'link-cut': 2,
  paused: 2,
  'power-off': 0.5,
  'sshd-killed': 4,
  rival: 3,
};

const PHASES = ['gather', 'prepare', 'apply', 'verify', 'commit'] as const;
const MOST_DELAY_MS = 1500;

/** The same trials for the same seed. A new one mostly begins where the one before began, which most faults lead back to. */
export function trialsOf(seed: number, count: number): readonly Trial[] {
  const random = randomFrom(seed);
  const trials: Trial[] = [];
  let from: Stand = 'none';
  for (let made = 0; made < count; made += 1) {
    if (random() < 0.3) from = pick(STANDS, random);
    trials.push(trialFrom(from, random));
  }
  return trials;
}

function trialFrom(from: Stand, random: Random): Trial {
  const to = pick(
    STANDS.filter((stand) => stand !== from),
    random,
  );
  const fault = pickFault(random);
  const [victim, stopped] = [pick(HOSTS, random), pick(HOSTS, random)];
  const when =
    random() < 0.6
      ? { at: pick(momentsOf(from, to), random) }
      : {
          after: pick(to === 'none' ? PHASES.filter((phase) => phase !== 'verify') : PHASES, random),
          delayMs: Math.round(random() ** 2 * MOST_DELAY_MS),
        };
  return { from, to, fault, when, victim, ...(stopped === victim ? {} : { stopped }) };
}

/** A removal is not verified, and a key is changed in one line. */
function momentsOf(from: Stand, to: Stand): readonly Moment[] {
  const isShort = from !== 'none' && (to === 'none' || (from !== 'ipip' && to !== 'ipip'));
  return MOMENTS.filter((moment) => !((to === 'none' && (moment === 'verify' || moment === 'heard')) || (isShort && /^apply-[23]$/.test(moment))));
}

function pickFault(random: Random): FaultName {
  const entries = Object.entries(FREQUENCY) as [FaultName, number][];
  let left = random() * entries.reduce((sum, [, often]) => sum + often, 0);
  for (const [name, often] of entries) {
    left -= often;
    if (left < 0) return name;
  }
  return 'none';
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** One line about a trial, enough to run it alone. */
export function trialText({ from, to, fault, when, victim, stopped }: Trial): string {
  const moment = 'at' in when ? `at ${when.at}` : `${when.delayMs} ms after ${when.after} began`;
  return `${from} → ${to}: ${fault} on ${victim} ${moment}${stopped === undefined ? '' : `, ${stopped} stopped`}`;
}
