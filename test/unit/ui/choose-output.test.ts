import { describe, expect, it } from 'vitest';
import { chooseOutput, type OutputQuestion } from '../../../src/ui/choose-output.ts';

const TERMINAL: OutputQuestion = { stdoutIsTty: true, stderrIsTty: true, env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' } };

function withEnv(env: Record<string, string>): OutputQuestion {
  return { ...TERMINAL, env: { ...TERMINAL.env, ...env } };
}

describe('the choice of an output', () => {
  it('is the screen in colour on a terminal', () => {
    expect(chooseOutput(TERMINAL)).toEqual({ kind: 'tui', colour: true, unicode: true });
  });

  it.each([
    ['stdout is a pipe', { ...TERMINAL, stdoutIsTty: false }],
    ['stderr is a file', { ...TERMINAL, stderrIsTty: false }],
    ['CI is set', withEnv({ CI: 'true' })],
    ['the terminal is dumb', withEnv({ TERM: 'dumb' })],
    ['text is asked for', { ...TERMINAL, requested: 'text' }],
  ] as const)('is text where %s', (_why, question) => {
    expect(chooseOutput(question).kind).toBe('text');
  });

  it('keeps the screen where CI is empty or denied', () => {
    expect(chooseOutput(withEnv({ CI: '' })).kind).toBe('tui');
    expect(chooseOutput(withEnv({ CI: 'false' })).kind).toBe('tui');
  });

  it('draws a screen that was asked for when only stderr is a terminal, also in CI', () => {
    expect(chooseOutput({ ...withEnv({ CI: '1' }), stdoutIsTty: false, requested: 'tui' }).kind).toBe('tui');
  });

  it('is text where a screen was asked for and cannot be drawn', () => {
    expect(chooseOutput({ ...TERMINAL, stderrIsTty: false, requested: 'tui' }).kind).toBe('text');
    expect(chooseOutput({ ...withEnv({ TERM: 'dumb' }), requested: 'tui' }).kind).toBe('text');
  });

  it('is JSON whenever asked for, never coloured', () => {
    expect(chooseOutput({ ...withEnv({ FORCE_COLOR: '1' }), requested: 'json' })).toMatchObject({ kind: 'json', colour: false });
  });

  it.each([withEnv({ NO_COLOR: '1' }), { ...TERMINAL, noColor: true }, withEnv({ NO_COLOR: '1', FORCE_COLOR: '1' }), withEnv({ FORCE_COLOR: '0' })])(
    'has no colour where it is refused (%#)',
    (question) => {
      expect(chooseOutput(question).colour).toBe(false);
    },
  );

  it('ignores an empty NO_COLOR', () => {
    expect(chooseOutput(withEnv({ NO_COLOR: '' })).colour).toBe(true);
  });

  it('colours a log only when forced to', () => {
    const log = { ...TERMINAL, stdoutIsTty: false, stderrIsTty: false };
    expect(chooseOutput(log).colour).toBe(false);
    expect(chooseOutput({ ...log, env: { FORCE_COLOR: '1' } }).colour).toBe(true);
  });

  it.each([{ LANG: 'C' }, { LC_ALL: 'POSIX' }, { TERM: 'linux' }, { TERM: 'vt220' }])('keeps to ASCII with %o', (env) => {
    expect(chooseOutput(withEnv(env as Record<string, string>)).unicode).toBe(false);
  });
});
