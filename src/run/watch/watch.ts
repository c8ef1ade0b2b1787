import pLimit from 'p-limit';
import { expectationsOf } from '../../verify/expectation.ts';
import { findingWords } from '../../watch/curable.ts';
import type { Health, Pulse } from '../../watch/pulse.ts';
import { EVENT_SCHEMA, type Recap, type TunnelOutcome, type TunnelRecap } from '../events.ts';
import { hostsOf } from '../groups.ts';
import { recapOf } from '../recap.ts';
import { summaryOf } from '../summary.ts';
import { Board } from './board.ts';
import { heal } from './healer.ts';
import { askDoctor, repairTunnels } from './repair.ts';
import { type Watching, watchHost } from './watch-host.ts';
import type { WatchRequest, WatchWorld } from './watch-world.ts';

/** A watch that runs: what is known now, and its end. */
export interface Watch {
  readonly board: Board;
  /** Asks doctor about one tunnel, for whoever looks at it. */
  readonly diagnose: (tunnel: string) => Promise<void>;
  /** Resolves when the watch was interrupted and everything was let go. */
  readonly ended: Promise<Recap>;
}

/** Watches tunnels until it is interrupted. */
export function startWatch(request: WatchRequest, world: WatchWorld): Watch {
  const tunnels = request.run.tunnels.filter(({ state }) => state === 'present');
  const watched = tunnels.filter((tunnel) => expectationsOf(tunnel).every(({ targets }) => targets.length > 0));
  const board = new Board(watched, { intervalMs: request.intervalSeconds * 1000, retries: request.retries }, world);
  const hosts = hostsOf(watched);
  world.report({ ...openingOf(request), hosts, tunnels: watched.map(summaryOf) });
  for (const { name } of tunnels.filter((tunnel) => !watched.includes(tunnel))) world.report({ type: 'watch-warning', message: noTarget(name) });
  const inTurn = pLimit(request.run.forks);
  const expectations = watched.flatMap((tunnel) => expectationsOf(tunnel));
  const work = hosts.map((host) => {
    const own = expectations.filter((expectation) => expectation.host === host);
    return watchHost(host, own, { request, world, board, inTurn });
  });
  return {
    board,
    diagnose: (name) => diagnose(name, { request, world, board }),
    ended: allOf([...work, ...healing({ request, world, board })]).then(() => finish(board, world)),
  };
}

type Parts = Pick<Watching, 'request' | 'world' | 'board'>;

function healing({ request: { run, repairsPerHour }, world, board }: Parts): readonly Promise<void>[] {
  if (repairsPerHour === undefined) return [];
  return [heal({ perHour: repairsPerHour, repair: (tunnels) => repairTunnels(tunnels, run, world) }, board, world)];
}

async function diagnose(name: string, { request, world, board }: Parts): Promise<void> {
  const tunnel = board.pulses.get(name)?.tunnel;
  if (tunnel === undefined) return;
  board.note(name, 'doctor is asked');
  const answer = await askDoctor(tunnel, request.run, world);
  if (typeof answer === 'string') return board.note(name, answer);
  board.note(name, findingWords(answer));
  board.diagnosed(answer);
}

/** An error of our own is told only when every host was let go. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

function openingOf({ run }: WatchRequest) {
  return { type: 'run-started', schema: EVENT_SCHEMA, version: run.version, command: 'watch', isCheck: false } as const;
}

function noTarget(tunnel: string): string {
  return `${tunnel} has no inner addresses of one family at both ends, so nothing can be sent through it: it is not watched`;
}

const OUTCOMES: Readonly<Record<Health, TunnelOutcome>> = { up: 'ok', degraded: 'degraded', down: 'failed', unknown: 'unreachable' };

/** Why a watch was interrupted by whoever sits before it, who has seen enough: no error. */
export const QUIT = 'quit';
const INTERRUPTED = 130;

/** How everything stood when the watch ended. */
function finish(board: Board, world: WatchWorld): Recap {
  const tunnels = [...board.pulses.values()].map(({ tunnel }) => summaryOf(tunnel));
  const recap = recapOf({
    tunnels,
    recaps: [...board.pulses.values()].map(recapOfPulse),
    unreachableHosts: new Set([...board.hosts.values()].filter(({ isReached }) => !isReached).map(({ host }) => host)),
    loadedModules: new Map(),
    elapsedMs: world.now() - board.startedAt,
    exitCode: world.interrupt.reason === QUIT ? 0 : INTERRUPTED,
  });
  world.report({ type: 'run-finished', recap });
  return recap;
}

function recapOfPulse({ tunnel, health }: Pulse): TunnelRecap {
  return { tunnel: tunnel.name, outcome: OUTCOMES[health], changes: 0, problems: [] };
}
