import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { framePhase, newPhaseMarks } from '../../../src/transport/phase-frame.ts';

/** Shells that are /bin/sh somewhere: Debian, Fedora, Alpine and OpenWrt. */
const SHELLS: readonly (readonly [string, ...string[]])[] = [['dash'], ['bash', '--posix'], ['busybox', 'ash']];
const installed = SHELLS.filter(([program]) => ['/bin', '/usr/bin'].some((folder) => existsSync(join(folder, program))));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-frame-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every statement leaves a trace; the text has what is hard to cut: a here-document, a nested group, quotes, a pipe, a loop. */
const SCRIPT = `touch first
cat >second <<'END'
}
touch never
END
{ touch third; } && for f in a b; do touch "loop-$f"; done
printf '%s\\n' 'a "quoted" }' | cat >fourth
if [ -e first ]; then touch fifth; fi # comment }`;

describe.each(installed.map((argv) => ({ name: argv.join(' '), argv })))('a frame read by $name', ({ argv }) => {
  const [program, ...args] = argv;
  const feed = (text: string) => {
    const at = mkdtempSync(join(folder, 'cut-'));
    const { stdout } = spawnSync(program, args, { input: text, cwd: at, encoding: 'utf8' });
    return { traces: readdirSync(at), stdout };
  };

  test('runs whole when it arrives whole', () => {
    const marks = newPhaseMarks();
    const { traces, stdout } = feed(framePhase(SCRIPT, marks));
    expect(traces.sort()).toEqual(['fifth', 'first', 'fourth', 'loop-a', 'loop-b', 'second', 'third']);
    expect(stdout).toBe(`${marks.begin}\n${marks.end} 0\n`);
  });

  test('runs nothing when the stream is cut at any byte', () => {
    const frame = framePhase(SCRIPT, newPhaseMarks());
    const lastNeeded = frame.trimEnd().length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastNeeded - 1 }), (cut) => {
        expect(feed(frame.slice(0, cut)).traces).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

test('no frame carries a whole mark, so that a shell that echoes it is not taken for its answer', () => {
  const marks = newPhaseMarks();
  const frame = framePhase('true', marks);
  expect(frame).not.toContain(marks.begin);
  expect(frame).not.toContain(marks.end);
});

test('refuses text that no shell can read to the end of', () => {
  expect(() => framePhase('echo \0', newPhaseMarks())).toThrow('NUL');
  expect(() => framePhase('echo \\', newPhaseMarks())).toThrow('backslash');
});
