import type { Writable } from 'node:stream';
import { openLineWriter } from './line-writer.ts';
import { followRun } from './reduce.ts';
import { type EventTelling, tellEvent } from './tell-event.ts';
import type { View } from './view.ts';

export interface TextOptions extends EventTelling {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Plain lines for logs and pipes: what was found and done goes to stdout, what is going on to stderr. */
export function openText({ stdout, stderr, ...telling }: TextOptions): View {
  const run = followRun();
  const writers = { data: openLineWriter(stdout), progress: openLineWriter(stderr) };
  return {
    emit(event) {
      run.add(event);
      const { channel, lines } = tellEvent(event, run.state, telling);
      for (const line of lines) writers[channel].write(telling.theme.draw(line));
    },
    lend: (ask) => ask(),
    async close() {
      const lost = await writers.data.finish();
      if (lost !== undefined) writers.progress.write(`tunorch: the output was cut off: ${lost.message}`);
      await writers.progress.finish();
    },
  };
}
