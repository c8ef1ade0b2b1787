import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../src/run/events.ts';
import { type Course, isVictimLost, judgedHosts, type Trial, type Verdict } from './fault-course.ts';
import { judge, judgeAtOnce, judgeWhileHanging, told } from './fault-judge.ts';
import { faultOf, rivalStand, type Strike } from './fault-kinds.ts';
import { type FaultStage, type Found, HOSTS, type HostName, type Stand } from './fault-stage.ts';
import { type ProgramRun, tunorch } from './scenario-program.ts';

const DEADLINE_SECONDS = 20;
/** A look is work for an emulated guest, which has to decide meanwhile. */
const BETWEEN_LOOKS_MS = 2000;
/** From the deadline until a host has asked its peer and undone; what is promised, and what trials are judged by. */
const DECIDING_SECONDS = 5;
/** What a busy machine that emulates several may need beyond that. */
const PATIENCE_SECONDS = 15;
const HELD_WITHIN_SECONDS = 40;

/** One run with one fault, from the stand both hosts have to a verdict on both of them and on the controller's words. */
export async function tryFault(stage: FaultStage, trial: Trial): Promise<Verdict> {
  const course: Course = { trial, stage, fault: faultOf(trial.fault), armedAt: Date.now(), hasStruck: false, violations: [] };
  await bring(stage, trial.from);
  const { ended } = await startAndStrike(course);
  const runsFrom = await untilDecided(course, ended);
  const dueAt = runsFrom + (DEADLINE_SECONDS + DECIDING_SECONDS + PATIENCE_SECONDS) * 1000;
  course.run = await ended;
  const states = await untilSettled(course, Math.max(dueAt, Date.now() + PATIENCE_SECONDS * 1000));
  const outcome = await judge(course, states);
  const lateness = await latenessOf(course);
  await stage.gates[stoppedHost(trial)].set({});
  if (isVictimLost(course)) await stage.restage();
  const { hasStruck, violations, run } = course;
  return { trial, outcome, told: told(run), ...lateness, hasStruck, violations, run, states };
}

/** How long after the deadline the last host decided alone. */
async function latenessOf({ stage, fault, armedAt }: Course): Promise<Pick<Verdict, 'secondsPastDeadline'>> {
  const decisions = await stage.loneDecisions();
  if (decisions.length === 0 || fault.stopsClock === true) return {};
  return { secondsPastDeadline: Math.round((Math.max(...decisions) - armedAt) / 1000 - DEADLINE_SECONDS) };
}

/** Both hosts have this stand; what an earlier trial has left is not carried into this one. */
async function bring(stage: FaultStage, stand: Stand): Promise<void> {
  for (const host of HOSTS) await stage.gates[host].set({});
  await stage.loneDecisions();
  const isThere = async () => Object.values(await stage.look()).every((found) => found.stand === stand && found.left.length === 0);
  if (await isThere()) return;
  if ((await tunorch(stage.argsFor(stand))).status === 0 && (await isThere())) return;
  await stage.restage();
  if (stand !== 'none') await tunorch(stage.argsFor(stand));
  for (let looks = 0; looks < 10; looks++) {
    if (await isThere()) return;
    await delay(BETWEEN_LOOKS_MS);
  }
  const states = await stage.look();
  throw new Error(`the hosts cannot be brought to ${stand}: ${JSON.stringify(states, undefined, 1)}`);
}

function stoppedHost({ victim, stopped }: Trial): HostName {
  return stopped ?? victim;
}

/** Starts the run, waits for the moment, and lets the fault strike. */
async function startAndStrike(course: Course): Promise<{ readonly ended: Promise<ProgramRun> }> {
  const { trial, stage, fault } = course;
  const { when } = trial;
  const gate = stage.gates[stoppedHost(trial)];
  await gate.set({ ...fault.trick, ...('at' in when ? { at: when.at } : {}) });
  let begin: (value: boolean) => void = () => undefined;
  const begun = new Promise<boolean>((resolve) => {
    begin = resolve;
  });
  const onEvent = (event: RunEvent, child: ChildProcess) => {
    course.child = child;
    if (event.type !== 'host-phase') return;
    if (event.phase === 'prepare') course.armedAt = event.at;
    if ('after' in when && event.phase === when.after && event.state === 'started') begin(true);
  };
  const ended = tunorch([...stage.argsFor(trial.to), '--deadline', String(DEADLINE_SECONDS)], { onEvent });
  course.hasStruck = await Promise.race(['at' in when ? gate.held(HELD_WITHIN_SECONDS) : begun, ended.then(() => false)]);
  if ('after' in when) await delay(when.delayMs);
  await strike(course);
  return { ended };
}

async function strike(course: Course): Promise<void> {
  const { stage, trial, fault, hasStruck } = course;
  const gate = stage.gates[stoppedHost(trial)];
  if (!hasStruck) return gate.open();
  if (fault.isUnreachable === true) await gate.openIn(1);
  const rival = await fault.inject?.(strikeOf(course));
  if (rival !== undefined) course.rival = rival;
  if (fault.isUnreachable !== true && fault.hangs !== true) await gate.open();
}

function strikeOf({ stage, trial, child }: Course): Strike {
  if (child === undefined) throw new Error('the run did not start');
  return { stage, victim: trial.victim, child, rivalWants: rivalStand(trial), deadlineSeconds: DEADLINE_SECONDS };
}

/**
 * Waits until the hosts must have decided, and ends what lasts until then.
 *
 * @returns since when the last host's timer ran
 */
async function untilDecided(course: Course, ended: Promise<ProgramRun>): Promise<number> {
  const { fault, stage, trial } = course;
  if (!course.hasStruck) return course.armedAt;
  const lasts = fault.hangs === true || (fault.isUnreachable === true && fault.mend !== undefined);
  if (fault.hangs !== true) course.run = await ended;
  if (lasts) await delay(Math.max(0, course.armedAt + (DEADLINE_SECONDS + DECIDING_SECONDS) * 1000 - Date.now()));
  if (fault.hangs === true) {
    await judgeWhileHanging(course);
    await stage.gates[stoppedHost(trial)].open();
  }
  if (fault.mend === undefined) await judgeAtOnce(course);
  else await fault.mend(strikeOf(course));
  return fault.stopsClock === true ? Date.now() : course.armedAt;
}

async function untilSettled(course: Course, dueAt: number): Promise<Readonly<Record<HostName, Found>>> {
  for (;;) {
    const states = await course.stage.look();
    const mine = judgedHosts(course).map((host) => states[host]);
    const isSettled = mine.every(({ stand, left }) => stand !== 'other' && stand === mine[0]?.stand && left.length === 0);
    if (isSettled || Date.now() > dueAt) return states;
    await delay(BETWEEN_LOOKS_MS);
  }
}
