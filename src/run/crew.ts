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

/** What became of a phase on each host: its result, or why the host could not be worked with. */
export type PerHost<Result> = ReadonlyMap<string, Result | HostFailure>;

/** Does one phase on all hosts at once and waits for every one; a host that fails never stops another. */
export async function onEach<Result>(
  hosts: readonly string[],
  { phase, world }: { readonly phase: Phase; readonly world: World },
  work: (host: string) => Promise<Result>,
): Promise<PerHost<Result>> {
  const results = await Promise.all(
    hosts.map(async (host) => {
      world.report({ type: 'host-phase', host, phase, state: 'started' });
      const result = await work(host).catch(asFailure);
      world.report({ type: 'host-phase', host, phase, state: result instanceof HostFailure ? 'failed' : 'done' });
      if (result instanceof HostFailure) world.report({ type: 'host-failed', host, code: result.code, message: result.what, hint: result.hint });
      return [host, result] as const;
    }),
  );
  return new Map(results);
}

/** Expected failures become values; a bug stays a bug. */
function asFailure(error: unknown): HostFailure {
  if (error instanceof HostFailure) return error;
  throw error;
}

export function failures(results: PerHost<unknown>): ReadonlyMap<string, HostFailure> {
  return new Map([...results].filter((entry): entry is [string, HostFailure] => entry[1] instanceof HostFailure));
}

export function successes<Result>(results: PerHost<Result>): ReadonlyMap<string, Result> {
  return new Map([...results].filter((entry): entry is [string, Result] => !(entry[1] instanceof HostFailure)));
}
