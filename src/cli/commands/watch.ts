import { randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../run/events.ts';
import { QUIT, startWatch, type Watch } from '../../run/watch/watch.ts';
import type { WatchRequest, WatchWorld } from '../../run/watch/watch-world.ts';
import { openWatchView, type WatchView } from '../../ui/watch/open-watch-view.ts';
import { watchMetrics } from '../../ui/watch/watch-metrics.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { WatchFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { openTransport } from '../open-transport.ts';
import { readSelection } from '../select-tunnels.ts';
import { openChangeCommands } from '../watch/change-commands.ts';
import { serveMetrics } from '../watch/metrics-server.ts';
import { areLocksWritten, chosenOutput, requestOf } from './run-command.ts';

/** Watches until it is ended, and returns the exit status: 0 where the key q ended it, 130 after a signal. */
export async function watch(inventories: readonly string[], flags: WatchFlags): Promise<number> {
  const named = [...inventories, ...(flags.inventory ?? [])];
  const selection = await readSelection(named, flags, { colour: chosenOutput(flags).colour });
  if (selection === undefined) return INPUT_WRONG;
  if (flags.heal === true && !(await areLocksWritten(selection))) return INPUT_WRONG;
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
    return await inWatchWorld(flags, async (world, show) => {
      const started = startWatch(request, world);
      watching = started;
      show(started);
      return (await started.ended).exitCode;
    });
  } finally {
    await served?.();
  }
}

function refuse(message: string): number {
  process.stderr.write(`error: ${message}\n`);
  return INPUT_WRONG;
}

/** Everything a watch touches, until it is over; one that only tells ends when nobody reads it any more (`| head`). */
async function inWatchWorld(flags: WatchFlags, work: (world: WatchWorld, show: (watch: Watch) => void) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let view: WatchView | undefined;
  const interrupts = listenForInterrupts(() => void view?.close());
  const streams = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
  const opened = await openWatchView({ ...chosenOutput(flags), ...streams, onInterrupt: interrupts.interrupt, now: Date.now });
  view = opened;
  interrupts.signal.addEventListener('abort', () => stop.abort('signal'));
  const isForItsReader = flags.heal !== true && flags.metrics === undefined && flags.exec === undefined;
  if (isForItsReader) process.stdout.once('error', () => stop.abort(QUIT));
  const emit = (event: RunEvent) => {
    opened.emit(event);
    if (event.type === 'tunnel-health') commands?.tell(event);
  };
  const warn = (message: string) => emit({ type: 'watch-warning', message, at: Date.now() });
  const commands = flags.exec === undefined ? undefined : openChangeCommands(flags.exec, warn);
  const transport = openTransport(opened, flags);
  const show = ({ board, diagnose }: Watch) =>
    opened.show({
      state: board,
      diagnose: (tunnel) => void diagnose(tunnel).catch((error: Error) => warn(`doctor could not be asked: ${error.message}`)),
      quit: () => stop.abort(QUIT),
    });
  try {
    return await work(worldOf({ transport, interrupt: stop.signal, report: (event) => emit({ ...event, at: Date.now() }) }), show);
  } finally {
    commands?.end();
    await transport.close();
    await opened.close();
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
