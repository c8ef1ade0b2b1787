import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundlePlayer } from '../../support/bundle-player.ts';
import { type TerminalSize, TestTerminal } from '../../support/terminal.ts';

let player: Awaited<ReturnType<typeof bundlePlayer>>;
let terminal: TestTerminal;

beforeAll(async () => {
  player = await bundlePlayer();
});

afterEach(() => terminal.end());
afterAll(() => player.remove());

const WIPES_SCROLLBACK = '\u001b[3J';

/** The player in a shell that filled the scrollback before, says how it ended, and stays: a terminal whose program ends may lose its last words. */
function play(args: string, size: TerminalSize, env: Record<string, string> = {}): TestTerminal {
  const shell = `i=0; while [ $i -lt 60 ]; do echo "earlier line $i"; i=$((i+1)); done; "$0" "$1" ${args}; code=$?; stty -a | grep -o '[-]*icanon'; echo "ended with $code"; read -r _`;
  terminal = new TestTerminal(['/bin/sh', '-c', shell, process.execPath, player.file], size, env);
  return terminal;
}

describe('the live screen', () => {
  it('survives a resize, hands Ctrl-C to the caller and leaves the recap below an untouched scrollback', async () => {
    const live = play('rolled-back hold', { columns: 80, rows: 24 });
    await live.shows('RTNETLINK answers: File exists');
    expect(live.hasCursor).toBe(false);

    live.resize({ columns: 120, rows: 40 });
    await live.shows(/NOW$/m);
    live.resize({ columns: 60, rows: 20 });
    await live.shows(/PHASE +RTT +LOSS +MTU$/m);
    expect(live.screen.match(/HOST +NOW/g)).toHaveLength(1);

    live.press('\u0003');
    await live.shows(/ended with 0\n/);

    expect(live.everything).toMatch(/router-b : ok=0 +changed=0 +failed=1/);
    expect(live.everything).toContain('1 tunnel rolled back at both ends');
    for (let line = 0; line < 60; line += 1) expect(live.everything).toContain(`earlier line ${line}\n`);
    expect(live.bytes).not.toContain(WIPES_SCROLLBACK);
    expect(live.hasCursor).toBe(true);
    expect(live.everything).toMatch(/^icanon$/m);
  });

  it('leaves all of 400 tunnels in the scrollback and no half frame', async () => {
    const live = play('whole-400-tunnels 0', { columns: 80, rows: 24 });
    await live.shows(/ended with 0\n/);
    expect(live.everything.match(/^[✓✗] spoke\d+ {2}(changed|rolled back)/gmu)).toHaveLength(400);
    expect(live.everything).not.toMatch(/\d+\/400 done/);
    expect(live.bytes).not.toContain(WIPES_SCROLLBACK);
  });

  it('has no colour when NO_COLOR is set', async () => {
    const live = play('rolled-back 0', { columns: 80, rows: 24 }, { NO_COLOR: '1' });
    await live.shows(/ended with 0\n/);
    expect(live.bytes).not.toMatch(/\u001b\[(3\d|9\d|1|2)m/);
  });

  it('takes no keyboard that is not there, and is drawn all the same', async () => {
    const live = play('good-run 0 tui </dev/null', { columns: 80, rows: 24 });
    await live.shows(/ended with 0\n/);
    expect(live.everything).toContain('1 tunnel changed: 10 objects on both hosts together.');
    expect(live.everything).not.toContain('Raw mode');
  });

  it('gives data to a pipe and the recap to the terminal too', async () => {
    const live = play('plan-only 0 tui | sed "s/^/piped: /"', { columns: 80, rows: 24 });
    await live.shows(/ended with 0\n/);
    expect(live.everything).toMatch(/^piped: {3}-\/\+ router-a/m);
    expect(live.everything).toMatch(/^ {2}-\/\+ router-a/m);
  });

  it('lends the terminal to a question and comes back', async () => {
    const live = play('rolled-back ask', { columns: 80, rows: 24 });
    await live.shows('Is the host key right? ');
    expect(live.screen).not.toContain('tunorch up');
    live.press('yes\r');
    await live.shows(/ended with 0\n/);
    expect(live.everything).toContain('the answer was yes');
    expect(live.everything).toContain('1 tunnel rolled back at both ends');
    expect(live.everything).toMatch(/^icanon$/m);
  });

  it('gives the terminal back when the program crashes', async () => {
    const live = play('rolled-back crash', { columns: 80, rows: 24 });
    await live.shows(/ended with [1-9]\d*\n/);
    expect(live.everything).toContain('Error: a bug');
    expect(live.hasCursor).toBe(true);
    expect(live.everything).toMatch(/^icanon$/m);
  });

  it('is plain lines on a dumb terminal', async () => {
    const live = play('good-run 0', { columns: 80, rows: 24 }, { TERM: 'dumb' });
    await live.shows(/ended with 0\n/);
    expect(live.bytes).not.toContain('\u001b');
  });
});
