import { type Instance, render } from 'ink';
import type { ReactNode } from 'react';
import type { ScreenStream, ViewOptions } from '../open-view.ts';

/** Steps aside while something else uses the terminal. */
export type Suspend = (meanwhile: () => Promise<void>) => Promise<void>;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a screen is given of its terminal. */
export interface ScreenParts {
  readonly size: TerminalSize;
  readonly hasKeyboard: boolean;
  /** To be called once, with the way to make the screen step aside. */
  readonly onMounted: (suspend: Suspend) => void;
}

/** A screen that is drawn on stderr's terminal. */
export interface MountedScreen {
  readonly instance: Instance;
  /** Lends the terminal to one question after the other; the screen steps aside while it is drawn. */
  lend<Answer>(ask: () => Promise<Answer>, isDrawn: () => boolean): Promise<Answer>;
  /** The last frame goes, for what takes its place. */
  clear(): Promise<void>;
  unmount(): Promise<void>;
}

/** A frame costs the same however many tunnels there are, some hundredths of a second on a slow core: this many cost less than a tenth of it. */
const FRAMES_PER_SECOND = 5;
export const FRAME_MS = 1000 / FRAMES_PER_SECOND;

/** The keyboard is taken only where stdin and stdout are terminals too: with `| less` it belongs to the pager. */
export function mountScreen(
  { stdout, stderr, stdin }: Pick<ViewOptions, 'stdout' | 'stderr' | 'stdin'>,
  draw: (parts: ScreenParts) => ReactNode,
): MountedScreen {
  let suspend: Suspend = (meanwhile) => meanwhile();
  let turn: Promise<unknown> = Promise.resolve();
  const hasKeyboard = stdout.isTTY === true && 'isTTY' in stdin && stdin.isTTY === true;
  const onMounted = (way: Suspend) => {
    suspend = way;
  };
  const screen = () => draw({ size: sizeOf(stderr), hasKeyboard, onMounted });
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
  return {
    instance,
    lend(ask, isDrawn) {
      const answer = turn.then(() => (isDrawn() ? suspended(suspend, ask) : ask()));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async clear() {
      instance.rerender(null);
      await instance.waitUntilRenderFlush();
      instance.clear();
    },
    async unmount() {
      instance.unmount();
      await instance.waitUntilExit().catch(() => undefined);
    },
  };
}

async function suspended<Answer>(suspend: Suspend, ask: () => Promise<Answer>): Promise<Answer> {
  const answers: Answer[] = [];
  await suspend(async () => {
    answers.push(await ask());
  });
  return answers[0] as Answer;
}

/** A pseudo terminal nobody sized has 0 of both. */
export function sizeOf({ columns = 0, rows = 0 }: ScreenStream): TerminalSize {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
