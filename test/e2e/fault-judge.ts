import { setTimeout as delay } from 'node:timers/promises';
import { type Course, judgedHosts } from './fault-course.ts';
import { rivalStand } from './fault-kinds.ts';
import { type FaultStage, type Found, HOSTS, type HostName, type Stand } from './fault-stage.ts';
import type { ProgramRun } from './scenario-program.ts';

type States = Readonly<Record<HostName, Found>>;

/** How a run ended and what it said of its only tunnel. */
export function told(run: ProgramRun): string {
  const outcome = outcomeTold(run);
  return outcome === undefined ? 'nothing' : `exit ${run.status}, ${outcome}`;
}

function outcomeTold(run: ProgramRun): string | undefined {
  const last = run.events.at(-1);
  return last?.type === 'run-finished' ? last.recap.tunnels[0]?.outcome : undefined;
}

/** What a run said of itself has to be true at once, and not only when the hosts have tidied up. */
export async function judgeAtOnce(course: Course): Promise<void> {
  const { run, trial } = course;
  if (run === undefined || trial.fault === 'rival') return;
  const claim = claimed(run, trial);
  if (claim === undefined) return;
  const states = await course.stage.look();
  const wrong = judgedHosts(course).filter((host) => states[host].stand !== claim);
  if (wrong.length > 0) course.violations.push(`it said «${told(run)}», and at that moment ${describe(states, wrong)}`);
}

/** A program that hangs keeps no host from going back. */
export async function judgeWhileHanging(course: Course): Promise<void> {
  const states = await course.stage.look();
  const { from, to } = course.trial;
  if (!isEither(states, [from, to], judgedHosts(course))) course.violations.push(`while it hung: ${describe(states, HOSTS)}`);
}

/**
 * A shell that is killed outright while it prepares can take nothing away, and no timer runs yet that could. Nothing was
 * armed or begun then, and the next run that locks the host takes the folder away.
 */
function leftOn({ trial }: Course, left: readonly string[]): readonly string[] {
  const isUnarmed = left.every((line) => line.startsWith('/run/tunorch') && !/\.(armed|begun|tentative|committed|kept|undoing)$/.test(line));
  return trial.fault === 'sshd-killed' && isUnarmed ? [] : left;
}

/** A cable that was just plugged in again, and the neighbours behind it, take a moment. */
async function hearEachOther(stage: FaultStage): Promise<boolean> {
  for (let tries = 0; tries < 5; tries++) {
    if (await stage.pings()) return true;
    await delay(1000);
  }
  return false;
}

/**
 * Both hosts have the new or both the old, nothing of the run is left, and what it said is true.
 *
 * @returns what both hosts have
 */
export async function judge(course: Course, states: States): Promise<string> {
  const { trial, violations, stage, run } = course;
  const hosts = judgedHosts(course);
  const allowed: readonly Stand[] = trial.fault === 'rival' ? [trial.from, trial.to, rivalStand(trial)] : [trial.from, trial.to];
  if (!isEither(states, allowed, hosts)) violations.push(`in the end: ${describe(states, hosts)}`);
  for (const host of hosts) for (const line of leftOn(course, states[host].left)) violations.push(`left on ${host}: ${line}`);
  const stand = states[hosts[0] ?? 'router-a'].stand;
  if (hosts.length === HOSTS.length && stand !== 'none' && stand !== 'other' && !(await hearEachOther(stage)))
    violations.push('the ends do not hear each other');
  if (run !== undefined) judgeWords(course, run, states);
  return outcomeOf(states, hosts, trial);
}

function outcomeOf(states: States, hosts: readonly HostName[], { from, to }: { readonly from: Stand; readonly to: Stand }): string {
  const word = (host: HostName) => {
    const { stand } = states[host];
    return stand === to ? 'new' : stand === from ? 'old' : stand;
  };
  return [...new Set(hosts.map(word))].join(' and ');
}

function judgeWords(course: Course, run: ProgramRun, states: States): void {
  const { trial, fault, violations, rival } = course;
  const last = run.events.at(-1);
  if (last?.type !== 'run-finished') {
    if (fault.endsController !== true) violations.push(`it ended without a last word: ${run.status} ${run.stderr.slice(0, 500)}`);
    return;
  }
  if (last.recap.exitCode !== run.status) violations.push(`exit ${run.status}, but it said ${last.recap.exitCode}`);
  const rivalChanged = rival?.status === 0;
  const claim = claimed(run, trial);
  const hosts = judgedHosts(course);
  const isTrue = hosts.every((host) => states[host].stand === claim || (rivalChanged && states[host].stand === rivalStand(trial)));
  if (claim !== undefined && !isTrue) violations.push(`it said «${told(run)}», but ${describe(states, hosts)}`);
  if (rival !== undefined && rival.status !== 0 && rival.status !== 4) violations.push(`the other controller: ${told(rival)}`);
}

/** What both hosts have if the run's words are true; undefined where it said that it does not know. */
function claimed(run: ProgramRun, { from, to }: { readonly from: Stand; readonly to: Stand }): Stand | undefined {
  switch (outcomeTold(run)) {
    case 'changed':
      return to;
    case 'rolled-back':
    case 'failed':
    case 'unreachable':
      return from;
    default:
      return undefined;
  }
}

function isEither(states: States, allowed: readonly Stand[], hosts: readonly HostName[]): boolean {
  return allowed.some((stand) => hosts.every((host) => states[host].stand === stand));
}

function describe(states: States, hosts: readonly HostName[]): string {
  return hosts.map((host) => `${host} has ${states[host].stand}`).join(', ');
}
