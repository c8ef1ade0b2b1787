import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { HostFailure } from '../../../src/errors/host-failure.ts';
import { ChannelFeed } from '../../../src/transport/channel-feed.ts';
import { ShellSession } from '../../../src/transport/shell-session.ts';
import { fakeChannel, marksIn, settled } from './fake-channel.ts';
import { childChannel } from './local-shell.ts';

const NOTHING = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
const DEAF = { stdout: () => undefined, stderr: () => undefined, ended: () => undefined };
const open: ShellSession[] = [];

function localSession(...argv: readonly [string, ...string[]]) {
  const channel = childChannel(argv);
  const session = new ShellSession(new ChannelFeed(channel, DEAF), { host: 'router-a', rest: NOTHING });
  open.push(session);
  return { session, child: channel.child };
}

/** The failure a phase ends in. */
async function failureOf(reply: Promise<unknown>): Promise<HostFailure> {
  return reply.then(
    () => expect.unreachable('the phase did not fail'),
    (failure: HostFailure) => failure,
  );
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

describe('a phase', () => {
  test('gives status and both outputs apart', async () => {
    const { session } = localSession('/bin/sh');
    expect(await session.run('echo out; echo err >&2; return 3')).toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  test('leaves variables, functions, folder and umask to the next one', async () => {
    const { session } = localSession('/bin/sh');
    await session.run('x="a b"; f() { echo "f $1"; }; cd /tmp; umask 027');
    expect((await session.run('f "$x"; pwd; umask')).stdout).toBe('f a b\n/tmp\n0027\n');
  });

  test('may be empty, or a comment, or return early', async () => {
    const { session } = localSession('/bin/sh');
    expect((await session.run('')).status).toBe(0);
    expect((await session.run('false # the end')).status).toBe(1);
    expect((await session.run('return; echo never')).stdout).toBe('');
  });

  test('reads nothing of the stream that carries the next one', async () => {
    const { session } = localSession('/bin/sh');
    expect((await session.run('cat; read -r line; echo "got $line"')).stdout).toBe('got \n');
    expect((await session.run('echo still here')).stdout).toBe('still here\n');
  });

  test('gives back any text it prints', async () => {
    const { session } = localSession('/bin/sh');
    const text = fc.string({ unit: 'binary', maxLength: 500 }).filter((one) => !one.includes('\0'));
    const check = async (one: string) => {
      const { stdout, stderr } = await session.run(
        `cat <<'TUNORCH-TEST-END'\n${one}\nTUNORCH-TEST-END\ncat >&2 <<'TUNORCH-TEST-END'\n${one}\nTUNORCH-TEST-END`,
      );
      expect(stdout).toBe(`${one}\n`);
      expect(stderr).toBe(`${one}\n`);
    };
    await fc.assert(fc.asyncProperty(text, check), { numRuns: 60 });
  });

  test('keeps bytes that are no UTF-8 apart from the marks', async () => {
    const { session } = localSession('/bin/sh');
    expect((await session.run("printf 'a\\377\\376\\000b'")).stdout).toBe('a\ufffd\ufffd\0b');
  });

  test('takes a script of megabytes and gives as much back', async () => {
    const { session } = localSession('/bin/sh');
    const big = 'x'.repeat(5_000_000);
    expect((await session.run(`cat <<'E'\n${big}\nE`)).stdout).toHaveLength(5_000_001);
  });

  test('is not confused by set -x, which prints the frame', async () => {
    const { session } = localSession('/bin/sh');
    expect((await session.run('set -x; echo one')).stdout).toBe('one\n');
    expect((await session.run('echo two; set +x')).stdout).toBe('two\n');
  });

  test('gets no output that came between it and the one before', async () => {
    const { session, child } = localSession('/bin/sh');
    await session.run('true');
    child.stdout?.emit('data', Buffer.from('late words of a background process\n'));
    expect((await session.run('echo mine')).stdout).toBe('mine\n');
  });
});

describe('a session that goes wrong', () => {
  test('says that the shell ended when a script exits', async () => {
    const { session } = localSession('/bin/sh');
    const failure = await failureOf(session.run('echo why >&2; exit 7'));
    expect(failure).toMatchObject({ code: 'shell.killed', host: 'router-a' });
    expect(failure.message).toContain('with status 7');
    expect(failure.message).toContain('saying «why»');
    expect(await failureOf(session.run('true'))).toBe(failure);
  });

  test('says that the shell ended when the text is no sh', async () => {
    const { session } = localSession('/bin/sh');
    expect(await failureOf(session.run('if then ('))).toMatchObject({ code: 'shell.killed' });
  });

  test('says by which signal the shell was ended', async () => {
    const { session } = localSession('/bin/sh');
    expect((await failureOf(session.run('kill -9 $$'))).message).toContain('by SIGKILL');
  });

  test('gives up a phase that takes too long, and cuts the channel', async () => {
    const { session, child } = localSession('/bin/sh');
    const gone = new Promise((resolve) => child.once('close', resolve));
    expect(await failureOf(session.run("cat <<'NEVER'", { timeoutMs: 200 }))).toMatchObject({ code: 'shell.timeout' });
    await gone;
  });

  test('cuts off a host that never stops talking', async () => {
    const { session } = localSession('/bin/sh');
    expect(await failureOf(session.run('while :; do echo endless; done', { maxBytes: 100_000 }))).toMatchObject({ code: 'shell.too-much-output' });
  });

  test('counts both outputs together', async () => {
    const { session } = localSession('/bin/sh');
    expect((await session.run("printf '%0300d' 0; printf '%0300d' 0 >&2", { maxBytes: 1000 })).status).toBe(0);
    expect(await failureOf(session.run("printf '%0600d' 0; printf '%0600d' 0 >&2", { maxBytes: 1000 }))).toMatchObject({
      code: 'shell.too-much-output',
    });
  });

  test('cuts off a host that talks without being asked', async () => {
    const { session, child } = localSession('/bin/sh');
    await session.run('true');
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.stdout?.emit('data', Buffer.alloc(2 * 1024 * 1024));
    expect(await failureOf(session.run('true'))).toMatchObject({ code: 'shell.too-much-output' });
    await gone;
  });

  test.each([
    ['a word for a status', (end: string) => [`${end} abc\n`, `${end}\n`]],
    ['no status', (end: string) => [`${end}\n`, `${end}\n`]],
    ['a line without end', (end: string) => [`${end} 1234567`, `${end}\n`]],
    ['a status on stderr', (end: string) => [`${end} 0\n`, `${end} 0\n`]],
  ])('does not believe a host that answers %s', async (_, lie) => {
    const channel = fakeChannel();
    const session = new ShellSession(new ChannelFeed(channel, DEAF), { host: 'router-a', rest: NOTHING });
    const reply = failureOf(session.run('true'));
    await settled();
    const { begin, end } = marksIn(channel.received());
    const [stdout = '', stderr = ''] = lie(end);
    channel.stderr.write(`${begin}\n${stderr}`);
    channel.stdout.write(`${begin}\n${stdout}`);
    expect(await reply).toMatchObject({ code: 'shell.unusable' });
    expect(channel.isDestroyed()).toBe(true);
  });

  test.each([
    ['half a mark', (end: string) => end.slice(0, 20)],
    ['a mark without its line end', (end: string) => `${end} 0`],
    ['the mark of another phase', () => `${'0'.repeat(32)} 0\n`],
  ])('waits for the rest after %s, and takes the end of the channel for a lost connection', async (_, half) => {
    const channel = fakeChannel();
    const session = new ShellSession(new ChannelFeed(channel, DEAF), { host: 'router-a', rest: NOTHING });
    const reply = failureOf(session.run('true'));
    await settled();
    const { begin, end } = marksIn(channel.received());
    channel.stderr.write(`${begin}\n${end}\n`);
    channel.stdout.write(`${begin}\n${half(end)}`);
    await settled();
    channel.end({});
    expect(await reply).toMatchObject({ code: 'ssh.connection-lost' });
  });

  test('takes a second phase at the same time for a mistake of the program', async () => {
    const { session } = localSession('/bin/sh');
    const first = session.run('true');
    await expect(session.run('true')).rejects.toThrow('another is under way');
    await first;
  });
});

describe('closing', () => {
  test('ends the shell by the end of its input, so that its EXIT trap runs', async () => {
    const { session, child } = localSession('/bin/sh');
    await session.run("trap 'exit 42' EXIT");
    const status = new Promise((resolve) => child.once('close', resolve));
    await session.close();
    expect(await status).toBe(42);
  });

  test('fails the phase under way and may be done twice', async () => {
    const { session } = localSession('/bin/sh');
    const reply = failureOf(session.run('while :; do :; done'));
    await Promise.all([session.close(), session.close()]);
    expect(await reply).toMatchObject({ code: 'run.interrupted' });
  });
});
