import { openLineWriter } from './line-writer.ts';
import { followRun } from './reduce.ts';
import type { RunState } from './run-state.ts';
import { openText, type TextOptions } from './text.ts';
import type { View } from './view.ts';

/**
 * A report for another program on stdout when the run is over, and the run's lines on stderr meanwhile.
 *
 * A run that breaks off leaves no report, which whoever waits for one takes for a failure.
 *
 * @param render - of the finished run, and when it was over
 */
export function openReport({ stdout, ...options }: TextOptions, render: (run: RunState, at: number) => string): View {
  const run = followRun();
  const text = openText({ ...options, stdout: options.stderr });
  const report = openLineWriter(stdout);
  return {
    emit(event) {
      run.add(event);
      text.emit(event);
      if (event.type === 'run-finished') report.write(render(run.state, event.at));
    },
    lend: (ask) => ask(),
    async close() {
      const lost = await report.finish();
      if (lost !== undefined) options.stderr.write(`tunorch: the output was cut off: ${lost.message}\n`);
      await text.close();
    },
  };
}
