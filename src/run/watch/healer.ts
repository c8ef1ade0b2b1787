import type { Tunnel } from '../../domain/tunnel.ts';
import { afterRecovery, afterRepair, allowance, NO_REPAIRS, type RepairRecord } from '../../watch/allowance.ts';
import type { Pulse } from '../../watch/pulse.ts';
import type { WatchState } from '../../watch/watch-state.ts';
import type { Board } from './board.ts';
import type { RepairResult } from './repair.ts';
import type { WatchWorld } from './watch-world.ts';

/** How what is down is repaired. */
export interface Healing {
  /** Transactions an hour for each tunnel, at most. */
  readonly perHour: number;
  readonly repair: (tunnels: readonly Tunnel[]) => Promise<readonly RepairResult[]>;
}

const LOOK_EVERY_MS = 1_000;

/** Repairs what is down until the watch is interrupted, all that is due together: the tunnels of a host that was booted anew are one run. */
export async function heal({ perHour, repair }: Healing, board: Board, world: WatchWorld): Promise<void> {
  const records = new Map<string, RepairRecord>();
  while (!world.interrupt.aborted) {
    forgive(records, board);
    const due = dueTunnels(board, { records, perHour, at: world.now() });
    for (const name of due.limited) tellLimit(name, { records, perHour, board, world });
    if (due.now.length > 0) {
      for (const { name } of due.now) world.report({ type: 'repair', tunnel: name, state: 'started', words: 'doctor is asked' });
      for (const result of await repair(due.now)) settle(result, { records, board, world });
    }
    await world.rest(LOOK_EVERY_MS);
  }
}

function forgive(records: Map<string, RepairRecord>, { pulses }: WatchState): void {
  for (const [name, record] of records) if (pulses.get(name)?.health === 'up') records.set(name, afterRecovery(record));
}

interface Keeping {
  readonly records: Map<string, RepairRecord>;
  readonly board: Board;
  readonly world: WatchWorld;
}

function settle({ tunnel, outcome, words, diagnosis }: RepairResult, { records, board, world }: Keeping): void {
  if (world.interrupt.aborted && outcome === 'left') return;
  records.set(tunnel, afterRepair(records.get(tunnel) ?? NO_REPAIRS, outcome, world.now()));
  if (diagnosis !== undefined) board.diagnosed(diagnosis);
  if (outcome !== 'left') board.countRepair(tunnel, outcome);
  board.note(tunnel, `${outcome}: ${words}`);
  world.report({ type: 'repair', tunnel, state: outcome, words });
}

function tellLimit(tunnel: string, { records, perHour, board, world }: Keeping & { readonly perHour: number }): void {
  const record = records.get(tunnel) ?? NO_REPAIRS;
  if (record.isLimitTold) return;
  records.set(tunnel, { ...record, isLimitTold: true });
  const words = `it was repaired ${perHour} ${perHour === 1 ? 'time' : 'times'} in the last hour, and is left alone until that is over`;
  board.note(tunnel, words);
  world.report({ type: 'repair', tunnel, state: 'left', words });
}

interface Due {
  readonly now: readonly Tunnel[];
  readonly limited: readonly string[];
}

function dueTunnels(
  { pulses }: WatchState,
  { records, perHour, at }: { readonly records: ReadonlyMap<string, RepairRecord>; readonly perHour: number; readonly at: number },
): Due {
  const broken = [...pulses.values()].filter(isRepairable);
  const allowed = broken.map(({ tunnel }) => ({ tunnel, answer: allowance(records.get(tunnel.name) ?? NO_REPAIRS, at, perHour) }));
  return {
    now: allowed.filter(({ answer }) => answer === 'now').map(({ tunnel }) => tunnel),
    limited: allowed.filter(({ answer }) => answer === 'limit').map(({ tunnel }) => tunnel.name),
  };
}

/** Down, silent now, and both its hosts can be asked: with one end nothing could be changed. */
function isRepairable({ health, answersSince, ends }: Pulse): boolean {
  return health === 'down' && answersSince === undefined && ends.every(({ isSeen }) => isSeen);
}
