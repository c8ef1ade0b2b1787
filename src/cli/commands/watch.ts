import { randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../run/events.ts';
import { startWatch, type Watch } from '../../run/watch/watch.ts';
import type { WatchRequest, WatchWorld } from '../../run/watch/watch-world.ts';
import { openWatchView } from '../../ui/watch/open-watch-view.ts';
import { watchMetrics } from '../../ui/watch/watch-metrics.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { WatchFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { openTransport } from '../open-transport.ts';
import { readSelection } from '../select-tunnels.ts';
import { openChangeCommands } from '../watch/change-commands.ts';
import { serveMetrics } from '../watch/metrics-server.ts';
import { chosenOutput, requestOf } from './run-command.ts';

/** Watches until it is ended, and returns the exit status: 0 where the key q ended it, 130 after a signal. */
export async function watch(inventories: readonly string[], flags: WatchFlags): Promise<number> {
  const named = [...inventories, ...(flags.inventory ?? [])];
  const selection = await readSelection(named, flags, { colour: chosenOutput(flags).colour });
  if (selection === undefined) return INPUT_WRONG;
  const request: WatchRequest = {
    run: { ...(await requestOf('watch', selection, { flags })), inventories: named },
    intervalSeconds: flags.interval,
    retries: flags.retries,
    ...(flags.heal === true ? { repairsPerHour: flags.healPerHour } : {}),
  };
  let watching: Watch | undefined;
  const metrics = () => (watching === undefined ? '' : watchMetrics(watching.board, { residentBytes: process.memoryUsage.rss() }));
  const served = flags.metrics === undefined ? undefined : await serveMetrics(flags.metrics, metrics).catch((error: Error) => error);
  if (served instanceof Error) return refuse(`--metrics cannot be served: ${served.message}`);
  try {
    return await inWatchWorld(flags, async (world) => {
      watching = startWatch(request, world);
      return (await watching.ended).exitCode;
    });
  } finally {
    await served?.();
  }
}

function refuse(message: string): number {
  process.stderr.write(`error: ${message}\n`);
  return INPUT_WRONG;
}

/** Everything a watch touches, until it is over. */
async function inWatchWorld(flags: WatchFlags, work: (world: WatchWorld) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const view = openWatchView({ ...chosenOutput(flags), stdout: process.stdout, stderr: process.stderr });
  const interrupts = listenForInterrupts(() => void view.close());
  interrupts.signal.addEventListener('abort', () => stop.abort('signal'));
  const emit = (event: RunEvent) => {
    view.emit(event);
    if (event.type === 'tunnel-health') commands?.tell(event);
  };
  const warn = (message: string) => emit({ type: 'watch-warning', message, at: Date.now() });
  const commands = flags.exec === undefined ? undefined : openChangeCommands(flags.exec, warn);
  const transport = openTransport(view, flags);
  try {
    return await work(worldOf({ transport, interrupt: stop.signal, report: (event) => emit({ ...event, at: Date.now() }) }));
  } finally {
    commands?.end();
    await transport.close();
    await view.close();
    interrupts.stop();
  }
}

function worldOf(parts: Pick<WatchWorld, 'transport' | 'interrupt' | 'report'>): WatchWorld {
  return {
    ...parts,
    now: Date.now,
    sleep: (milliseconds) => sleep(milliseconds),
    rest: (milliseconds) => sleep(milliseconds, undefined, { signal: parts.interrupt }).catch(() => undefined),
    jitter: Math.random,
    randomBytes: (count) => randomBytes(count),
    newRunId: () => randomUUID(),
  };
}
