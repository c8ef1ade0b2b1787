import { type ChildProcess, spawn } from 'node:child_process';
import { stripControl } from '../../domain/strip-control.ts';
import type { RunEvent } from '../../run/events.ts';

/** A tunnel became another. */
export type HealthEvent = Extract<RunEvent, { readonly type: 'tunnel-health' }>;

/** Runs a command of the user's for each change of a tunnel. */
export interface ChangeCommands {
  /** Never waits. */
  tell(change: HealthEvent): void;
  /** Ends what still runs. */
  end(): void;
}

interface Limits {
  /** Milliseconds a command may take. */
  readonly timeoutMs: number;
  /** Commands that run side by side. */
  readonly most: number;
  /** Changes that wait for one to end; of more the oldest are dropped, and that is told. */
  readonly mostWaiting: number;
}

const LIMITS: Limits = { timeoutMs: 30_000, most: 4, mostWaiting: 200 };
const MOST_WORDS = 500;

/**
 * Runs `sh -c COMMAND` on this machine for each change, with the event as JSON on stdin and its parts in TUNORCH_CHANGE_… variables.
 *
 * What it prints is not shown, but for the end of its errors where it fails: stdout belongs to the watch.
 */
export function openChangeCommands(command: string, warn: (message: string) => void, limits: Limits = LIMITS): ChangeCommands {
  const running = new Set<ChildProcess>();
  const waiting: HealthEvent[] = [];
  const next = () => {
    const change = waiting.shift();
    if (change === undefined) return;
    const child = start(command, change, { timeoutMs: limits.timeoutMs, warn });
    running.add(child);
    child.once('close', () => {
      running.delete(child);
      next();
    });
  };
  return {
    tell(change) {
      if (change.isFirst && change.health === 'up') return;
      waiting.push(change);
      if (waiting.length > limits.mostWaiting) warn(`--exec was not told that ${waiting.shift()?.tunnel} changed: too many wait for it to end`);
      if (running.size < limits.most) next();
    },
    end() {
      waiting.length = 0;
      for (const child of running) kill(child);
    },
  };
}

function start(
  command: string,
  change: HealthEvent,
  { timeoutMs, warn }: Pick<Limits, 'timeoutMs'> & { readonly warn: (message: string) => void },
): ChildProcess {
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...variablesOf(change) },
  });
  let words = '';
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill(child);
  }, timeoutMs);
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (piece: string) => {
    words = (words + piece).slice(-MOST_WORDS);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${JSON.stringify(change)}\n`);
  child.once('error', (error) => warn(`--exec could not be run: ${error.message}`));
  child.once('close', (status, signal) => {
    clearTimeout(timer);
    if (status === 0) return;
    const ending = isLate
      ? `took longer than ${timeoutMs / 1000} s and was ended`
      : signal === null
        ? `failed with status ${status}`
        : `was ended by ${signal}`;
    warn(`--exec for ${change.tunnel} ${ending}${words.trim() === '' ? '' : `: ${stripControl(words.trim())}`}`);
  });
  return child;
}

/** It and all that it started. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** None of them is a flag of the program, which a command may well call. */
function variablesOf({ at, tunnel, health, before, reason = '', lastedMs }: HealthEvent): Readonly<Record<string, string>> {
  return {
    TUNORCH_CHANGE_AT: new Date(at).toISOString(),
    TUNORCH_CHANGE_TUNNEL: tunnel,
    TUNORCH_CHANGE_HEALTH: health,
    TUNORCH_CHANGE_BEFORE: before,
    TUNORCH_CHANGE_REASON: reason,
    TUNORCH_CHANGE_LASTED_SECONDS: String(Math.round(lastedMs / 1000)),
  };
}
