import type { WatchState } from '../../watch/watch-state.ts';
import { openLineWriter } from '../line-writer.ts';
import { openNdjson } from '../ndjson.ts';
import type { ViewOptions } from '../open-view.ts';
import { asciiSigns, colourPaint, keepSigns, plainPaint, type Theme } from '../theme.ts';
import type { View } from '../view.ts';
import { tellWatch } from './tell-watch.ts';

/** A watch as far as a screen needs it. */
export interface Watched {
  readonly state: WatchState;
  /** Asks doctor about one tunnel; what it says is in the state then. */
  readonly diagnose: (tunnel: string) => void;
  readonly quit: () => void;
}

/** One way of telling a watch. */
export interface WatchView extends View {
  /** Shows what is known now, where there is a screen for it. */
  show(watched: Watched): void;
}

type WatchViewOptions = Pick<ViewOptions, 'kind' | 'colour' | 'unicode' | 'stdout' | 'stderr' | 'stdin' | 'onInterrupt'> & {
  readonly now: () => number;
};

/** Opens the way a watch is told: what happens is data, on stdout. The screen's packages are loaded only when it is drawn. */
export async function openWatchView({ kind, stdout, stderr, colour, unicode, ...options }: WatchViewOptions): Promise<WatchView> {
  if (kind === 'json') return { ...openNdjson({ stdout, stderr }), show: () => undefined };
  const theme: Theme = { paint: colour ? colourPaint : plainPaint, draw: unicode === false ? asciiSigns : keepSigns };
  if (kind === 'tui') {
    const { openWatchScreen } = await import('../tui/watch/open-watch-screen.tsx');
    return openWatchScreen({ ...options, stdout, stderr, theme });
  }
  const lines = openLineWriter(stdout);
  return {
    show: () => undefined,
    emit(event) {
      for (const line of tellWatch(event, { theme, columns: Number.POSITIVE_INFINITY })) lines.write(theme.draw(line));
    },
    lend: (ask) => ask(),
    async close() {
      const lost = await lines.finish();
      if (lost !== undefined) stderr.write(`tunorch: the output was cut off: ${lost.message}\n`);
    },
  };
}
