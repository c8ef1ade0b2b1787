/**
 * Plays a recorded run through a view, for eyes and for the test of the live screen.
 *
 * `play-events RUN [MS-BETWEEN-EVENTS] [tui|text|json]`. Instead of a time: `hold` stops where the first problem or probe was
 * told and goes on after Ctrl-C; `ask` asks a question there; `crash` throws there, out of every `finally`'s reach.
 */
import { createInterface } from 'node:readline/promises';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
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
  requested: requested as OutputKind | undefined,
});

let interrupted = () => {};
const interrupt = new Promise<void>((resolve) => {
  interrupted = resolve;
});
const view = await openView({
  ...choice,
  verbosity: 1,
  showDiff: env.SHOW_DIFF === '1',
  stdout,
  stderr,
  stdin,
  onInterrupt: () => interrupted(),
});

async function ask(): Promise<void> {
  const lines = createInterface({ input: stdin, output: stderr });
  const answer = await lines.question('Is the host key right? ');
  stderr.write(`the answer was ${answer}\n`);
  lines.close();
}

const atTheHeld: Readonly<Record<string, () => Promise<unknown>>> = {
  hold: () => interrupt,
  ask: () => view.lend(ask),
  crash: async () => {
    setImmediate(() => {
      throw new Error('a bug');
    });
    await interrupt;
  },
};

const held = events.findIndex(({ type }) => type === 'problem' || type === 'probe');
const between = Number(pace);
try {
  for (const [index, event] of events.entries()) {
    view.emit(event);
    if (index === held) await atTheHeld[pace]?.();
    await (between > 0 ? Promise.race([wait(between), interrupt]) : nextTurn());
  }
} finally {
  await view.close();
}
