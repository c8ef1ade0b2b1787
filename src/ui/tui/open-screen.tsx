import { finalLines } from '../final-lines.ts';
import { openLineWriter } from '../line-writer.ts';
import type { ScreenStream, ViewOptions } from '../open-view.ts';
import { isOver } from '../run-state.ts';
import { plainPaint, type Theme } from '../theme.ts';
import type { View } from '../view.ts';
import { LiveScreen } from './LiveScreen.tsx';
import { FRAME_MS, type MountedScreen, mountScreen, sizeOf } from './mount-screen.tsx';
import { openRunStore, type RunStore } from './run-store.ts';

export interface ScreenOptions extends ViewOptions {
  readonly theme: Theme;
}

/**
 * Draws a run on stderr's terminal until it is closed; then the frame makes place for the recap, which stays in the scrollback.
 *
 * A terminal that goes away (a closed window) must not end a run that has hosts half done: its errors are dropped.
 */
export function openScreen(options: ScreenOptions): View {
  const { theme, onInterrupt } = options;
  const store = openRunStore(FRAME_MS);
  options.stderr.on('error', () => undefined);
  const screen = mountScreen(options, (parts) => <LiveScreen {...parts} {...{ store, theme, onInterrupt }} />);
  let isDrawn = true;
  screen.instance.waitUntilExit().catch((error: unknown) => {
    isDrawn = false;
    options.stderr.write(`tunorch: the screen failed, the run goes on and its recap follows: ${String(error)}\n`);
  });
  let closing: Promise<void> | undefined;
  return {
    emit: store.add,
    lend: (ask) => screen.lend(ask, () => isDrawn && closing === undefined),
    close() {
      closing ??= takeDown(screen, store).then(() => leaveRecap(options, store));
      return closing;
    },
  };
}

/** The last frame goes when a recap takes its place; a run that broke off leaves it where it is. */
async function takeDown(screen: MountedScreen, store: RunStore): Promise<void> {
  store.settle();
  await screen.instance.waitUntilRenderFlush();
  if (isOver(store.current())) await screen.clear();
  await screen.unmount();
}

/** Data goes to stdout. Where that is no terminal, the terminal gets the recap too. */
async function leaveRecap({ theme, stdout, stderr, showDiff, verbosity }: ScreenOptions, store: RunStore): Promise<void> {
  const state = store.current();
  const isShared = stdout.isTTY === true;
  const terminal = isShared ? stdout : stderr;
  const telling = { theme, showDiff, verbosity };
  await writeAll(terminal, finalLines(state, { ...telling, columns: sizeOf(terminal).columns }).map(theme.draw));
  if (isShared) return;
  const plain = { ...theme, paint: plainPaint };
  await writeAll(stdout, finalLines(state, { ...telling, theme: plain, columns: Number.POSITIVE_INFINITY }).map(theme.draw));
}

async function writeAll(stream: ScreenStream, lines: readonly string[]): Promise<void> {
  const writer = openLineWriter(stream);
  for (const line of lines) writer.write(line);
  await writer.finish();
}
