import type { Writable } from 'node:stream';
import { openLineWriter } from './line-writer.ts';
import type { View } from './view.ts';

export interface NdjsonOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** The events themselves, one JSON object a line; nothing else is ever written to stdout. */
export function openNdjson({ stdout, stderr }: NdjsonOptions): View {
  const lines = openLineWriter(stdout);
  return {
    emit: (event) => lines.write(JSON.stringify(event)),
    lend: (ask) => ask(),
    async close() {
      const lost = await lines.finish();
      if (lost !== undefined) stderr.write(`tunorch: the output was cut off: ${lost.message}\n`);
    },
  };
}
