export type OutputKind = 'tui' | 'text' | 'json' | 'junit' | 'prometheus';

export interface OutputQuestion {
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `-o`; left out: whatever fits. */
  readonly requested?: OutputKind | undefined;
  /** `--no-color`. */
  readonly noColor?: boolean | undefined;
}

/** How a run is told. */
export interface OutputChoice {
  readonly kind: OutputKind;
  readonly colour: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

/**
 * Decides how a run is told.
 *
 * The screen is drawn on stderr, so `-o tui` needs only that to be a terminal, and is text where it is not: a wish for a screen
 * must not fail a pipeline. Unasked, stdout must be one too: with `| tee log` or `> log` the lines are what is wanted, and with
 * `| less` two programs would paint the same terminal. stdin never matters.
 */
export function chooseOutput(question: OutputQuestion): OutputChoice {
  const kind = kindFor(question);
  return { kind, colour: kind !== 'json' && hasColour(question, kind), unicode: hasUnicode(question.env) };
}

function kindFor({ stdoutIsTty, stderrIsTty, env, requested }: OutputQuestion): OutputKind {
  if (requested !== undefined && requested !== 'tui') return requested;
  const canDraw = stderrIsTty && env.TERM !== 'dumb';
  if (requested === 'tui') return canDraw ? 'tui' : 'text';
  return canDraw && stdoutIsTty && !isCi(env) ? 'tui' : 'text';
}

function isCi(env: OutputQuestion['env']): boolean {
  return isSet(env.CI) || isSet(env.CONTINUOUS_INTEGRATION) || isSet(env.BUILD_NUMBER);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/** NO_COLOR (no-color.org) counts when it is not empty, and before FORCE_COLOR. */
function hasColour({ stdoutIsTty, stderrIsTty, env, noColor }: OutputQuestion, kind: OutputKind): boolean {
  if (noColor === true || (env.NO_COLOR !== undefined && env.NO_COLOR !== '')) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.TERM === 'dumb') return false;
  return kind === 'tui' ? stderrIsTty : stdoutIsTty && stderrIsTty;
}

/** The locale's first word wins as in setlocale(3); the Linux console has a font of 512 signs at most. */
function hasUnicode(env: OutputQuestion['env']): boolean {
  if (env.TERM === 'linux' || env.TERM?.startsWith('vt') === true) return false;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return locale === undefined || /utf-?8/iu.test(locale);
}
