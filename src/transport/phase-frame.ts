import { randomBytes } from 'node:crypto';

/** The marks around one phase's output. Random for every phase, so that no output can contain them by chance. */
export interface PhaseMarks {
  readonly begin: string;
  readonly end: string;
}

/** 128 random bits each, in lower-case hexadecimal. */
export function newPhaseMarks(): PhaseMarks {
  return { begin: randomMark(), end: randomMark() };
}

/** A random word of 32 hexadecimal digits that needs no quoting in any shell. */
export function randomMark(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Wraps a script so that the shell reads all of it before it runs any of it, and marks where its output begins and ends.
 *
 * Everything sits inside one compound command, which a shell must read to its last brace first (POSIX XCU 2.9.4):
 * a stream that is cut at any byte before that brace runs nothing. The script is the body of a function, so that
 * variables and functions survive to the next phase and `return` ends the phase only; `exit`, `exec` of a program and
 * an error under `set -e` end the shell and with it the session. The marks are printed from two halves: a shell that
 * echoes its own commands (`set -x`, a syntax error) never prints a whole one.
 *
 * @param script - POSIX sh; must not contain NUL, which no shell can read, nor end in a backslash, which would join the closing brace to it
 */
export function framePhase(script: string, marks: PhaseMarks): string {
  if (script.includes('\0')) throw new Error('a phase script contains a NUL character');
  if (script.endsWith('\\')) throw new Error('a phase script ends in a backslash');
  const begin = printMark(marks.begin);
  const end = printMark(marks.end);
  return [
    '{',
    'tunorch_phase() {',
    ':',
    script,
    '}',
    `${begin}; ${begin} >&2`,
    'tunorch_phase </dev/null',
    `set -- "$?"; set +e; ${end.replace('\\n', ' %s\\n')} "$1"; ${end} >&2`,
    '}',
    '',
  ].join('\n');
}

function printMark(mark: string): string {
  const half = mark.length / 2;
  return `printf '%s%s\\n' ${mark.slice(0, half)} ${mark.slice(half)}`;
}
