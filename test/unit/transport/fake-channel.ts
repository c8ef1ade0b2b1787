import { PassThrough } from 'node:stream';
import type { ChannelEnding, ShellChannel } from '../../../src/transport/shell-channel.ts';

/** A channel in memory whose far end is the test: for hosts that lie. */
export interface FakeChannel extends ShellChannel {
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  readonly isDestroyed: () => boolean;
  /** Everything that was written to the host so far. */
  readonly received: () => string;
  end(ending: ChannelEnding): void;
}

export function fakeChannel(): FakeChannel {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let resolve: (ending: ChannelEnding) => void = () => undefined;
  const ended = new Promise<ChannelEnding>((settle) => {
    resolve = settle;
  });
  let isDestroyed = false;
  let received = '';
  stdin.on('data', (piece: Buffer) => {
    received += piece.toString();
  });
  const destroy = () => {
    isDestroyed = true;
    resolve({});
  };
  return {
    stdin,
    stdout,
    stderr,
    ended,
    close: () => resolve({ code: 0 }),
    destroy,
    isDestroyed: () => isDestroyed,
    received: () => received,
    end: resolve,
  };
}

/** The marks that a frame asks a shell to print. */
export function marksIn(frame: string): { readonly begin: string; readonly end: string } {
  const marks = [...frame.matchAll(/printf '%s%s[^']*' ([0-9a-f]{16}) ([0-9a-f]{16})/gu)].map(([, first = '', second = '']) => first + second);
  return { begin: marks[0] ?? '', end: marks[2] ?? '' };
}

/** Lets everything run that is already under way. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
