import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HealthEvent, openChangeCommands } from '../../../../src/cli/watch/change-commands.ts';

const DOWN: HealthEvent = {
  type: 'tunnel-health',
  at: 0,
  tunnel: 'gre1',
  health: 'down',
  before: 'up',
  reason: 'gre1 is gone',
  lastedMs: 61_000,
  isFirst: false,
};
const LIMITS = { timeoutMs: 20_000, most: 2, mostWaiting: 3 };

let folder = '';
let warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-exec-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(command: string, limits = LIMITS) {
  return openChangeCommands(command, (message) => warnings.push(message), limits);
}

function lines(): readonly string[] {
  try {
    return readFileSync(join(folder, 'out'), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

describe('a command for each change', () => {
  it('gets the change on stdin and in variables', async () => {
    const commands = opened(
      `cat >>${folder}/out; echo "$TUNORCH_CHANGE_TUNNEL $TUNORCH_CHANGE_HEALTH $TUNORCH_CHANGE_LASTED_SECONDS" >>${folder}/out`,
    );
    commands.tell(DOWN);
    await expect.poll(() => lines().length).toBe(2);
    expect([JSON.parse(lines()[0] ?? ''), lines()[1]]).toEqual([DOWN, 'gre1 down 61']);
    expect(warnings).toEqual([]);
  });

  it('is not run for a tunnel that is found well at first', async () => {
    const commands = opened(`echo "$TUNORCH_CHANGE_HEALTH" >>${folder}/out`);
    commands.tell({ ...DOWN, health: 'up', before: 'unknown', isFirst: true });
    commands.tell(DOWN);
    await expect.poll(lines).toEqual(['down']);
  });

  it('that fails is told of, with the end of its words', async () => {
    opened('echo "no such pager" >&2; exit 3').tell(DOWN);
    await expect.poll(() => warnings).toEqual(['--exec for gre1 failed with status 3: no such pager']);
  });

  it('that hangs is ended, with all that it started', async () => {
    opened(`sleep 600 & echo $! >>${folder}/out; wait`, { ...LIMITS, timeoutMs: 300 }).tell(DOWN);
    await expect.poll(() => warnings).toEqual(['--exec for gre1 took longer than 0.3 s and was ended']);
    await expect.poll(() => isRunning(Number(lines()[0]))).toBe(false);
  });

  it('runs beside few others, and of too many that wait the oldest are dropped', async () => {
    const commands = opened(`echo "$TUNORCH_CHANGE_TUNNEL" >>${folder}/out; while [ ! -e ${folder}/go ]; do sleep 0.05; done`);
    for (const tunnel of ['a', 'b', 'c', 'd', 'e', 'f']) commands.tell({ ...DOWN, tunnel });
    await expect.poll(() => lines().toSorted()).toEqual(['a', 'b']);
    expect(warnings).toEqual(['--exec was not told that c changed: too many wait for it to end']);
    commands.end();
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
