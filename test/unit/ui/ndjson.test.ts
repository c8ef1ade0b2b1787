import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openNdjson } from '../../../src/ui/ndjson.ts';
import { manyTunnels } from '../../support/many-tunnels.ts';
import { GOOD_RUN, RECORDED_RUNS } from '../../support/recorded-runs.ts';

async function linesOf(stream: PassThrough): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().trimEnd().split('\n');
}

/** A pipe whose reader goes away after `lines` writes. */
function brokenPipe(lines: number, code: string): Writable {
  let written = 0;
  return new Writable({
    write(_chunk, _encoding, done) {
      written += 1;
      done(written > lines ? Object.assign(new Error(`write ${code}`), { code }) : undefined);
    },
  });
}

describe('a run as NDJSON', () => {
  it.each(RECORDED_RUNS)('writes $name as exactly its events, one a line', async ({ events }) => {
    const stdout = new PassThrough();
    const read = linesOf(stdout);
    const view = openNdjson({ stdout, stderr: new PassThrough() });
    for (const event of events) view.emit(event);
    await view.close();
    stdout.end();
    expect((await read).map((line) => JSON.parse(line))).toEqual(events);
  });

  it('names its vocabulary in the first line', async () => {
    const stdout = new PassThrough();
    const view = openNdjson({ stdout, stderr: new PassThrough() });
    for (const event of GOOD_RUN.events) view.emit(event);
    await view.close();
    expect(JSON.parse(String(stdout.read()).split('\n')[0] ?? '')).toMatchObject({ type: 'run-started', schema: 'tunorch/1' });
  });

  it('loses nothing to a slow reader', async () => {
    const written: string[] = [];
    const slow = new Writable({
      highWaterMark: 64,
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        setImmediate(done);
      },
    });
    const { events } = manyTunnels(40);
    const view = openNdjson({ stdout: slow, stderr: new PassThrough() });
    for (const event of events) view.emit(event);
    await view.close();
    expect(written.join('').trimEnd().split('\n')).toHaveLength(events.length);
  });

  it('is quiet when the reader goes away', async () => {
    const stderr = new PassThrough();
    const view = openNdjson({ stdout: brokenPipe(1, 'EPIPE'), stderr });
    for (const event of GOOD_RUN.events) view.emit(event);
    await expect(view.close()).resolves.toBeUndefined();
    expect(stderr.read()).toBeNull();
  });

  it('says when the output could not be written', async () => {
    const stderr = new PassThrough();
    const view = openNdjson({ stdout: brokenPipe(1, 'ENOSPC'), stderr });
    for (const event of GOOD_RUN.events) view.emit(event);
    await view.close();
    expect(String(stderr.read())).toContain('the output was cut off: write ENOSPC');
  });
});
