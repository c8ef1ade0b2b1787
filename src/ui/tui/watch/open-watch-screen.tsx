import type { RunEvent } from '../../../run/events.ts';
import { openLineWriter } from '../../line-writer.ts';
import type { ViewOptions } from '../../open-view.ts';
import { plainPaint, type Theme } from '../../theme.ts';
import type { WatchView } from '../../watch/open-watch-view.ts';
import { tellWatch, watchLines } from '../../watch/tell-watch.ts';
import { type MountedScreen, mountScreen, sizeOf } from '../mount-screen.tsx';
import { LiveWatch } from './LiveWatch.tsx';

type WatchScreenOptions = Pick<ViewOptions, 'stdout' | 'stderr' | 'stdin' | 'onInterrupt'> & { readonly theme: Theme; readonly now: () => number };

/** Lines of the past that the screen can show. */
const EVENTS_MOST = 50;

/** Draws a watch on stderr's terminal until it is closed; then its last words stay. */
export function openWatchScreen(options: WatchScreenOptions): WatchView {
  const { stderr, theme, now, onInterrupt } = options;
  const events: string[] = [];
  let last: RunEvent | undefined;
  let screen: MountedScreen | undefined;
  let closing: Promise<void> | undefined;
  stderr.on('error', () => undefined);
  const leaveLastWords = async () => {
    const writer = openLineWriter(stderr);
    for (const line of last === undefined ? [] : tellWatch(last, { theme, columns: sizeOf(stderr).columns })) writer.write(theme.draw(line));
    await writer.finish();
  };
  return {
    show(watched) {
      screen = mountScreen(options, (parts) => <LiveWatch {...parts} {...{ watched, now, theme, onInterrupt }} events={() => events} />);
    },
    emit(event) {
      if (event.type === 'run-finished') last = event;
      if (event.type === 'run-started' || event.type === 'run-finished' || event.type === 'diagnosis') return;
      const lines = watchLines(event, { theme: { ...theme, paint: plainPaint }, columns: Number.POSITIVE_INFINITY });
      events.push(...lines.map((line) => `${new Date(event.at).toISOString().slice(11, 19)} ${line}`));
      events.splice(0, events.length - EVENTS_MOST);
    },
    lend: (ask) => (screen === undefined ? ask() : screen.lend(ask, () => closing === undefined)),
    close() {
      closing ??= takeDown(screen).then(leaveLastWords);
      return closing;
    },
  };
}

async function takeDown(screen: MountedScreen | undefined): Promise<void> {
  await screen?.clear();
  await screen?.unmount();
}
