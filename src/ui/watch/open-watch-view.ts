import { openLineWriter } from '../line-writer.ts';
import { openNdjson } from '../ndjson.ts';
import type { ViewOptions } from '../open-view.ts';
import { asciiSigns, colourPaint, keepSigns, plainPaint, type Theme } from '../theme.ts';
import type { View } from '../view.ts';
import { tellWatch } from './tell-watch.ts';

/** Opens the way a watch is told: what happens is data, on stdout. */
export function openWatchView({ kind, stdout, stderr, ...options }: Pick<ViewOptions, 'kind' | 'colour' | 'unicode' | 'stdout' | 'stderr'>): View {
  if (kind === 'json') return openNdjson({ stdout, stderr });
  const theme: Theme = {
    paint: options.colour ? colourPaint : plainPaint,
    draw: options.unicode === false ? asciiSigns : keepSigns,
  };
  const lines = openLineWriter(stdout);
  return {
    emit(event) {
      for (const line of tellWatch(event, { theme, columns: Number.POSITIVE_INFINITY })) lines.write(theme.draw(line));
    },
    lend: (ask) => ask(),
    async close() {
      const lost = await lines.finish();
      if (lost !== undefined) stderr.write(`tunorch: the output was cut off: ${lost.message}\n`);
    },
  };
}
