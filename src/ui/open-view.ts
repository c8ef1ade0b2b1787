import type { Writable } from 'node:stream';
import type { OutputKind } from './choose-output.ts';
import { junitReport } from './junit.ts';
import { openNdjson } from './ndjson.ts';
import { metricsText } from './prometheus.ts';
import { openReport } from './report-view.ts';
import type { Verbosity } from './tell-event.ts';
import { openText } from './text.ts';
import { asciiSigns, colourPaint, keepSigns, plainPaint, type Theme } from './theme.ts';
import type { View } from './view.ts';

/** A terminal as far as a screen needs it; `process.stderr` is one. */
export type ScreenStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

export interface ViewOptions {
  readonly kind: OutputKind;
  readonly colour: boolean;
  /** Left out: every sign can be shown. */
  readonly unicode?: boolean;
  readonly verbosity: Verbosity;
  readonly showDiff: boolean;
  readonly stdout: ScreenStream;
  readonly stderr: ScreenStream;
  readonly stdin: NodeJS.ReadableStream;
  /** Ctrl-C while the screen has the keyboard: the terminal sends no SIGINT then. The caller tells first from second. */
  readonly onInterrupt: () => void;
}

/** Opens the way a run is told. The screen's packages are loaded only when it is drawn. */
export async function openView(options: ViewOptions): Promise<View> {
  const { kind, stdout, stderr, verbosity, showDiff } = options;
  if (kind === 'json') return openNdjson({ stdout, stderr });
  const theme: Theme = {
    paint: options.colour ? colourPaint : plainPaint,
    draw: options.unicode === false ? asciiSigns : keepSigns,
  };
  const lines = { stdout, stderr, theme, verbosity, showDiff, columns: Number.POSITIVE_INFINITY };
  if (kind === 'text') return openText(lines);
  if (kind === 'junit') return openReport(lines, junitReport);
  if (kind === 'prometheus') return openReport(lines, metricsText);
  const { openScreen } = await import('./tui/open-screen.tsx');
  return openScreen({ ...options, theme });
}
