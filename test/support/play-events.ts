/**
 * Plays a recorded run through a view, for eyes and for the test of the live screen.
 *
 * `node play-events.js RUN [MS-BETWEEN-EVENTS] [tui|text|json]`; with `hold` for the time it stops when the first problem or probe
 * was told, and goes on after Ctrl-C.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { chooseOutput, type OutputKind } from '../../src/ui/choose-output.ts';
import { openView } from '../../src/ui/open-view.ts';
import { manyTunnels } from './many-tunnels.ts';
import { RECORDED_RUNS } from './recorded-runs.ts';

const [, , name = 'good-run', pace = '150', requested] = process.argv;
const { events } = [...RECORDED_RUNS, manyTunnels(1), manyTunnels(400)].find((run) => run.name === name) ?? { events: [] };
const { stdout, stderr, stdin, env } = process;
const choice = chooseOutput({
  stdoutIsTty: stdout.isTTY === true,
  stderrIsTty: stderr.isTTY === true,
  env,
  ...(requested === undefined ? {} : { requested: requested as OutputKind }),
});

let interrupted = () => {};
const interrupt = new Promise<void>((resolve) => {
  interrupted = resolve;
});
const view = await openView({ ...choice, verbosity: 1, showDiff: env.SHOW_DIFF === '1', stdout, stderr, stdin, onInterrupt: () => interrupted() });

try {
  const held = events.findIndex(({ type }) => type === 'problem' || type === 'probe');
  for (const [index, event] of events.entries()) {
    view.emit(event);
    if (pace !== 'hold') await Promise.race([wait(Number(pace)), interrupt]);
    else if (index === held) await interrupt;
  }
} finally {
  await view.close();
}
