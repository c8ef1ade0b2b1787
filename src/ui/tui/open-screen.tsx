import { type Instance, render } from 'ink';
import { finalLines } from '../final-lines.ts';
import { openLineWriter } from '../line-writer.ts';
import type { ScreenStream, ViewOptions } from '../open-view.ts';
import { isOver } from '../run-state.ts';
import { plainPaint, type Theme } from '../theme.ts';
import type { View } from '../view.ts';
import { LiveScreen, type Suspend, type TerminalSize } from './LiveScreen.tsx';
import { openRunStore, type RunStore } from './run-store.ts';

export interface ScreenOptions extends ViewOptions {
  readonly theme: Theme;
}

/** A frame costs the same however many tunnels there are, some hundredths of a second on a slow core: this many cost less than a tenth of it. */
const FRAMES_PER_SECOND = 5;

/**
 * Draws a run on stderr's terminal until it is closed; then the frame makes place for the recap, which stays in the scrollback.
 *
 * The keyboard is taken only where stdin and stdout are terminals too: with `| less` it belongs to the pager.
 * A terminal that goes away (a closed window) must not end a run that has hosts half done: its errors are dropped.
 */
export function openScreen(options: ScreenOptions): View {
  const store = openRunStore(1000 / FRAMES_PER_SECOND);
  options.stderr.on('error', () => undefined);
  const { instance, suspend } = mount(options, store);
  let isDrawn = true;
  instance.waitUntilExit().catch((error: unknown) => {
    isDrawn = false;
    options.stderr.write(`tunorch: the screen failed, the run goes on and its recap follows: ${String(error)}\n`);
  });
  let turn: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  return {
    emit: store.add,
    lend(ask) {
      const answer = turn.then(() => (isDrawn && closing === undefined ? suspended(suspend(), ask) : ask()));
      turn = answer.catch(() => undefined);
      return answer;
    },
    close() {
      closing ??= takeDown(instance, store).then(() => leaveRecap(options, store));
      return closing;
    },
  };
}

interface Mounted {
  readonly instance: Instance;
  /** The present way to make the screen step aside. */
  readonly suspend: () => Suspend;
}

function mount({ theme, stdout, stderr, stdin, onInterrupt }: ScreenOptions, store: RunStore): Mounted {
  let suspend: Suspend = (meanwhile) => meanwhile();
  const hasKeyboard = stdout.isTTY === true && 'isTTY' in stdin && stdin.isTTY === true;
  const onMounted = (way: Suspend) => {
    suspend = way;
  };
  const screen = () => <LiveScreen size={sizeOf(stderr)} {...{ store, theme, hasKeyboard, onInterrupt, onMounted }} />;
  const instance = render(screen(), {
    stdout: stderr,
    stderr,
    stdin,
    interactive: true,
    exitOnCtrlC: false,
    maxFps: FRAMES_PER_SECOND,
    incrementalRendering: true,
  });
  const resize = () => {
    instance.clear();
    instance.rerender(screen());
  };
  // Before Ink's own listener, which would draw the frame of the old size once more, too tall for the new one.
  stderr.prependListener('resize', resize);
  const forget = () => void stderr.off('resize', resize);
  instance.waitUntilExit().then(forget, forget);
  return { instance, suspend: () => suspend };
}

async function suspended<Answer>(suspend: Suspend, ask: () => Promise<Answer>): Promise<Answer> {
  const answers: Answer[] = [];
  await suspend(async () => {
    answers.push(await ask());
  });
  return answers[0] as Answer;
}

/** The last frame goes when a recap takes its place; a run that broke off leaves it where it is. */
async function takeDown(instance: Instance, store: RunStore): Promise<void> {
  store.settle();
  await instance.waitUntilRenderFlush();
  if (isOver(store.current())) {
    instance.rerender(null);
    await instance.waitUntilRenderFlush();
    instance.clear();
  }
  instance.unmount();
  await instance.waitUntilExit().catch(() => undefined);
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

/** A pseudo terminal nobody sized has 0 of both. */
function sizeOf({ columns = 0, rows = 0 }: ScreenStream): TerminalSize {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
