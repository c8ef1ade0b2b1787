import type { Writable } from 'node:stream';

/** Writes whole lines; a reader that went away is no error of the run. */
export interface LineWriter {
  write(line: string): void;
  /** Resolves when everything written so far has left, or cannot leave any more; says which error stopped it, but for a closed pipe. */
  finish(): Promise<Error | undefined>;
}

/**
 * Opens a stream for lines.
 *
 * `tunorch up -o json | head -1` closes the pipe in the middle of a transaction: the rest is dropped and the run goes on,
 * for hosts that are half done are worse than an unread line.
 */
export function openLineWriter(stream: Writable): LineWriter {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken ??= error;
  };
  stream.on('error', onError);
  return {
    write(line) {
      if (broken === undefined && stream.writable) stream.write(`${line}\n`);
    },
    async finish() {
      if (stream.writable) await flushed(stream);
      await errorsTold();
      return broken !== undefined && !isClosedPipe(broken) ? broken : undefined;
    },
  };
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.write('', () => resolve());
  });
}

/** A stream refuses writes a moment before its `error` event says why. */
function errorsTold(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'ECONNRESET';
}
