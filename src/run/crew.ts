import type { ObservedHost } from '../domain/observed.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { Questions } from '../facts/observe.ts';
import type { Session } from '../transport/transport.ts';
import type { Phase } from './events.ts';
import type { World } from './world.ts';

/** A host that was reached and told its facts. */
export interface Member {
  readonly host: string;
  readonly session: Session;
  readonly questions: Questions;
  readonly observed: ObservedHost;
}

export type Crew = ReadonlyMap<string, Member>;

export function observedIn(crew: Crew): ReadonlyMap<string, ObservedHost> {
  return new Map([...crew].map(([host, { observed }]) => [host, observed]));
}

/** What became of a phase on each host: its result, or why the host could not be worked with. */
export type PerHost<Result> = ReadonlyMap<string, Result | HostFailure>;

/** Does one phase on all hosts at once and waits for every one; a host that fails never stops another. */
export async function onEach<Result>(
  hosts: readonly string[],
  { phase, world }: { readonly phase: Phase; readonly world: World },
  work: (host: string) => Promise<Result | HostFailure>,
): Promise<PerHost<Result>> {
  const results = await Promise.all(
    hosts.map(async (host) => {
      world.report({ type: 'host-phase', host, phase, state: 'started' });
      const result = await orFailure(work(host));
      const isBroken = result instanceof HostFailure && !isBusy(result) && result.code !== 'run.interrupted';
      world.report({ type: 'host-phase', host, phase, state: isBroken ? 'failed' : 'done' });
      if (isBroken) tellFailure(result, world);
      return [host, result] as const;
    }),
  );
  return new Map(results);
}

/** Expected failures become values; a bug stays a bug. */
export function orFailure<Result>(work: Promise<Result>): Promise<Result | HostFailure> {
  return work.catch((error: unknown) => {
    if (error instanceof HostFailure) return error;
    throw error;
  });
}

export function tellFailure({ host, code, what, hint }: HostFailure, world: World): void {
  world.report({ type: 'host-failed', host, code, message: what, hint });
}

/** Another run is at work on the host, or has just been: a moment later it may be free. */
export function isBusy({ code }: HostFailure): boolean {
  return code === 'host.locked' || code === 'host.changed-meanwhile';
}

export function failures(results: PerHost<unknown>): ReadonlyMap<string, HostFailure> {
  return new Map([...results].filter((entry): entry is [string, HostFailure] => entry[1] instanceof HostFailure));
}

export function successes<Result>(results: PerHost<Result>): ReadonlyMap<string, Result> {
  return new Map([...results].filter((entry): entry is [string, Result] => !(entry[1] instanceof HostFailure)));
}
