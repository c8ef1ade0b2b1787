import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { EVENT_SCHEMA, type Problem, type Recap, type RunEvent, type TunnelRecap } from '../../src/run/events.ts';
import { eventProblems } from '../support/event-schema.ts';

/** What is tested is what is shipped; `TUNORCH_E2E_PROGRAM` names another build of it, an installed package for one. */
export const PROGRAM = process.env.TUNORCH_E2E_PROGRAM ?? fileURLToPath(new URL('../../dist/tunorch.js', import.meta.url));

/** Longer than any run may take under emulation; what hangs is ended and fails the test. */
const LONGEST_RUN_MS = 120_000;

export type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** How a run of the program ended; status is 128 + the number of the signal that ended it, as a shell says it. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramRun extends Ended {
  readonly events: readonly RunEvent[];
  /** @throws Error - the run said nothing of how it ended */
  readonly recap: Recap;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each event as it comes, to send signals at a certain moment. */
  readonly onEvent?: (event: RunEvent, child: ChildProcess) => void;
  /** Where the program may take longer than any run of one tunnel. */
  readonly longestMs?: number;
}

/** Runs the built program with `-o json` and reads its events. */
export async function tunorch(args: readonly string[], { env = {}, onEvent, longestMs = LONGEST_RUN_MS }: ProgramOptions = {}): Promise<ProgramRun> {
  const onLine = (line: string, child: ChildProcess) => onEvent?.(readEvent(line), child);
  return programRun(await runProgram([...args, '-o', 'json'], { env, longestMs, onLine }));
}

/** What a program that was run with `-o json` told; every event must be of the vocabulary. */
export function programRun(ended: Ended): ProgramRun {
  const events = ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(readEvent);
  return {
    ...ended,
    events,
    get recap() {
      return recapOf(ended, events);
    },
  };
}

/** Runs the built program with `-o text`. */
export function tunorchText(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runProgram([...args, '-o', 'text', '--no-color'], { env, longestMs: LONGEST_RUN_MS, onLine: () => undefined });
}

interface Running {
  readonly env: Readonly<Record<string, string>>;
  readonly longestMs: number;
  readonly onLine: (line: string, child: ChildProcess) => void;
}

function runProgram(args: readonly string[], { env, longestMs, onLine }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
      timeout: longestMs,
      killSignal: 'SIGABRT',
    });
    const said = { stdout: '', stderr: '' };
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said.stdout += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line, child);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ status: code ?? (signal === 'SIGKILL' ? 137 : 134), ...said }));
  });
}

function readEvent(line: string): RunEvent {
  const event = JSON.parse(line) as RunEvent;
  expect(eventProblems(event), `an event of the type ${event.type} as \`tunorch schema events\` has it`).toEqual([]);
  return event;
}

function recapOf({ status, stderr }: Ended, events: readonly RunEvent[]): Recap {
  const [first, last] = [events.at(0), events.at(-1)];
  if (first?.type !== 'run-started' || last?.type !== 'run-finished') throw new Error(`the run did not tell its start and end:\n${stderr}`);
  expect(first.schema).toBe(EVENT_SCHEMA);
  expect(last.recap.exitCode, 'the exit status and what the last event says of it').toBe(status);
  return last.recap;
}

export function eventsOf<Type extends RunEvent['type']>({ events }: ProgramRun, type: Type): readonly EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** What became of the only tunnel of a run. */
export function onlyTunnel(run: ProgramRun): TunnelRecap {
  const [tunnel, ...others] = run.recap.tunnels;
  if (tunnel === undefined || others.length > 0) throw new Error(`not one tunnel but ${run.recap.tunnels.length}`);
  return tunnel;
}

/** The objects a run planned to change, as `host: action object (attribute, …)`, sorted. */
export function plannedChanges(run: ProgramRun): readonly string[] {
  return eventsOf(run, 'tunnel-planned')
    .flatMap(({ changes }) => changes)
    .map(({ host, action, object, differences = [] }) =>
      action === 'change' ? `${host}: ${action} ${object} (${differences.map(({ name }) => name).join(', ')})` : `${host}: ${action} ${object}`,
    )
    .sort();
}

/** What was wrong on one host, in whatever order it came. */
export function problemsOn({ problems }: TunnelRecap, host: string): readonly Problem[] {
  return problems.filter((problem) => problem.host === host);
}

/** A run that ended well and left every tunnel as `outcome`; its whole story is shown when not. */
export function expectAll(run: ProgramRun, outcome: TunnelRecap['outcome']): void {
  const told = `${run.stderr}\n${JSON.stringify(run.events.at(-1), undefined, 1)}`;
  expect(run.status, told).toBe(0);
  expect(
    run.recap.tunnels.map((tunnel) => tunnel.outcome),
    told,
  ).toEqual(run.recap.tunnels.map(() => outcome));
}
