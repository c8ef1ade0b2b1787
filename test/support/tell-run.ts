import { Writable } from 'node:stream';
import { openView, type ViewOptions } from '../../src/ui/open-view.ts';
import type { RecordedRun } from './record.ts';

class Sink extends Writable {
  readonly #into: (text: string) => void;
  constructor(into: (text: string) => void) {
    super();
    this.#into = into;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#into(chunk.toString());
    done();
  }
}

/** What a view writes of a recorded run. */
export async function tell(run: RecordedRun, options: Partial<ViewOptions> = {}): Promise<{ both: string; out: string; err: string }> {
  const written = { both: '', out: '', err: '' };
  const sink = (channel: 'out' | 'err') =>
    new Sink((text) => {
      written.both += text;
      written[channel] += text;
    });
  const base = { kind: 'text', colour: false, verbosity: 0, showDiff: false, stdin: process.stdin, onInterrupt: () => {} } as const;
  const view = await openView({ ...base, stdout: sink('out'), stderr: sink('err'), ...options });
  for (const event of run.events) view.emit(event);
  await view.close();
  return written;
}
