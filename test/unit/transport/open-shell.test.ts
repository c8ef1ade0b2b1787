import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Become } from '../../../src/domain/host.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { HostFailure } from '../../../src/errors/host-failure.ts';
import { openShell, type ShellRequest, type StartProgram } from '../../../src/transport/open-shell.ts';
import type { Session } from '../../../src/transport/transport.ts';
import { type FakeChannel, fakeChannel, settled } from './fake-channel.ts';
import { startLocally } from './local-shell.ts';

const LOGIN_SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh', '/bin/mksh', '/usr/bin/fish', '/bin/tcsh', '/bin/csh'].filter((path) =>
  existsSync(path),
);
const PASSWORD = `s3cret "$HOME' \\ !`;

let folder = '';
let open: Session[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-shell-'));
});
afterEach(async () => {
  await Promise.all(open.map((session) => session.close()));
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A program that comes before the system's own in PATH. */
function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, SSH_CONNECTION: '192.0.2.1 50000 192.0.2.9 22', TUNORCH_LOG: join(folder, 'log') };
}

/** Uid 0 only for what the fake sudo started. */
function pretendPlainUser(): void {
  program('id', 'echo "${FAKE_UID:-1000}"');
}

async function enter(start: StartProgram, request: Partial<ShellRequest> = {}): Promise<Session> {
  const session = await openShell(start, { host: 'router-a', timeoutMs: 60_000, ...request });
  open.push(session);
  return session;
}

async function failureOf(entering: Promise<unknown>): Promise<HostFailure> {
  return entering.then(
    () => expect.unreachable('it did not fail'),
    (failure: HostFailure) => failure,
  );
}

/** Enters by a program that is the test itself. */
function enteringOn(channel: FakeChannel, become: Become) {
  let begin: (command: string) => void = () => undefined;
  const begun = new Promise<string>((resolve) => {
    begin = resolve;
  });
  const start: StartProgram = async (command) => {
    begin(command);
    return channel;
  };
  const failure = failureOf(enter(start, { become }));
  return {
    failure,
    marks: begun.then((command) => ({ command, word: joined(command, /echo (\S+) hello/u), prompt: joined(command, /-p (\S+) /u) })),
  };
}

/** A random word as it comes out of the shell that reads the command. */
function joined(command: string, place: RegExp): string {
  return (place.exec(command)?.[1] ?? '').replace('${1}', '');
}

const sudo = (password?: string): Become => ({ method: 'sudo', ...(password === undefined ? {} : { password: new Secret(password) }) });

describe.each(LOGIN_SHELLS)('a user whose login shell is %s', (loginShell) => {
  test('gets a root shell that knows the addresses of the connection', async () => {
    program('id', 'echo 0');
    const session = await enter(startLocally(loginShell, environment()), { opening: 'echo "opened by $0"' });
    expect((await session.opening)?.stdout).toBe('opened by /bin/sh\n');
    expect(session.connection).toEqual({ clientAddress: '192.0.2.1', serverAddress: '192.0.2.9' });
    expect((await session.run('umask; echo $LC_ALL; command -v sysctl >/dev/null || echo $PATH')).stdout).toMatch(/^0077\nC\n/u);
  });

  test('becomes root by sudo', async () => {
    pretendPlainUser();
    program('sudo', 'export FAKE_UID=0; while [ "$1" != /bin/sh ]; do shift; done; exec "$@"');
    const session = await enter(startLocally(loginShell, environment()), { become: sudo(), opening: 'id' });
    expect((await session.opening)?.stdout).toBe('0\n');
  });

  test('becomes root by su without a password, whose stdin is not the scripts', async () => {
    pretendPlainUser();
    program('su', '[ "$1 $2" = "root -c" ] || exit 9; read -r password && exit 8; export FAKE_UID=0; exec /bin/sh -c "$3"');
    const session = await enter(startLocally(loginShell, environment()), { become: { method: 'su' }, opening: 'id' });
    expect((await session.opening)?.stdout).toBe('0\n');
  });
});

describe('the password for sudo', () => {
  /** Asks on stderr as sudo -S does, and lets only the right password in. */
  const ASKING = `prompt=
while [ "$1" != /bin/sh ]; do [ "$1" = -p ] && prompt=$2; shift; done
export FAKE_UID=0
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  IFS= read -r given || exit 1
  printf '%s\\n' "$given" >>"$TUNORCH_LOG"
  [ "$given" = "$RIGHT" ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
exit 1`;
  const login = () => startLocally('/bin/sh', { ...environment(), RIGHT: PASSWORD });

  test('goes out when sudo asks, and the session works', async () => {
    pretendPlainUser();
    program('sudo', ASKING);
    const session = await enter(login(), { become: sudo(PASSWORD), opening: 'cat "$TUNORCH_LOG"' });
    expect((await session.opening)?.stdout).toBe(`${PASSWORD}\n`);
  });

  test('that is wrong is one clear failure after one try', async () => {
    pretendPlainUser();
    program('sudo', ASKING);
    expect(await failureOf(enter(login(), { become: sudo('wrong') }))).toMatchObject({ code: 'become.password-wrong' });
  });

  test('is never sent when sudo does not ask', async () => {
    pretendPlainUser();
    program('sudo', 'export FAKE_UID=0; while [ "$1" != /bin/sh ]; do shift; done; tee "$TUNORCH_LOG" | "$@"');
    const session = await enter(login(), { become: sudo(PASSWORD) });
    expect((await session.run('cat "$TUNORCH_LOG"')).stdout).not.toContain(PASSWORD);
  });

  test('is swallowed, not run, by a root shell that got it by mistake', async () => {
    pretendPlainUser();
    program('sudo', 'export FAKE_UID=0; while [ "$1" != /bin/sh ]; do [ "$1" = -p ] && printf %s "$2" >&2; shift; done; exec "$@"');
    const session = await enter(startLocally('/bin/sh', environment()), { become: sudo(`touch ${folder}/ran`) });
    expect((await session.run(`ls ${folder}`)).stdout).not.toContain('ran');
  });

  test('is not in the words of a failure, even if the host says it', async () => {
    pretendPlainUser();
    program('sudo', `${ASKING.split('for try')[0]}printf '%s' "$prompt" >&2; IFS= read -r given; echo "you typed: $given" >&2; exit 1`);
    const failure = await failureOf(enter(login(), { become: sudo(PASSWORD) }));
    expect(failure.code).toBe('become.refused');
    expect(failure.message).toContain('you typed: ***');
  });

  test('goes out although the login shell traces what it runs', async () => {
    pretendPlainUser();
    program('sudo', ASKING);
    const shell = program('tracing', 'exec /bin/sh -x "$@"');
    const session = await enter(startLocally(shell, { ...environment(), RIGHT: PASSWORD }), { become: sudo(PASSWORD) });
    expect((await session.run('id -u')).stdout).toBe('0\n');
  });

  test('waits for the hello of /bin/sh, whoever prints the command or the prompt before', async () => {
    const channel = fakeChannel();
    const asked = enteringOn(channel, sudo(PASSWORD));
    const { word, prompt, command } = await asked.marks;
    channel.stderr.write(`+ ${command}\n`);
    channel.stderr.write(prompt);
    await settled();
    expect(channel.received()).toBe('');
    channel.stdout.write(`${word} hello 192.0.2.1 50000 192.0.2.9 22\n`);
    await settled();
    expect(channel.received()).toBe(`${PASSWORD}\n`);
    channel.end({ code: 1 });
    await asked.failure;
  });

  test('may not have two lines', async () => {
    expect(await failureOf(enter(login(), { become: sudo('a\nreboot') }))).toMatchObject({ code: 'become.password-wrong' });
  });

  test('is not needed by a user who is root already, whatever ansible_become says', async () => {
    program('id', 'echo 0');
    program('sudo', 'exit 1');
    const session = await enter(startLocally('/bin/sh', environment()), { become: sudo(PASSWORD) });
    expect((await session.run('id')).stdout).toBe('0\n');
  });
});

test.each([
  ['Authentication failure', 'become.password-wrong'],
  ['Account expired', 'become.refused'],
])('su that complains «%s» in two pieces is %s', async (complaint, code) => {
  const channel = fakeChannel();
  const asked = enteringOn(channel, { method: 'su', password: new Secret(PASSWORD) });
  const { word } = await asked.marks;
  channel.stdout.write(`${word} hello \n`);
  for (const piece of [`${word} asks\nPassword: `, '\r\n', 'su: ', `${complaint}\r\n`]) {
    channel.stderr.write(piece);
    await settled();
  }
  channel.end({ code: 1 });
  expect(await asked.failure).toMatchObject({ code });
});

describe('without root rights', () => {
  test.each([
    ['sudo: a password is required', 'become.password-missing'],
    ['sudo: interactive authentication is required', 'become.password-missing'],
    ['sudo: sorry, you must have a tty to run sudo', 'become.refused'],
    ['ops is not allowed to run sudo on router-a.', 'become.refused'],
  ])('sudo that says «%s» is %s', async (words, code) => {
    pretendPlainUser();
    program('sudo', `echo '${words}' >&2; exit 1`);
    expect(await failureOf(enter(startLocally('/bin/sh', environment()), { become: sudo() }))).toMatchObject({ code });
  });

  test('a become program that the host does not have is named', async () => {
    const channel = fakeChannel();
    const start: StartProgram = async (command) => {
      const [, first = '', second = ''] = /echo ([0-9a-f]{16})\$\{1\}([0-9a-f]{16}) hello/u.exec(command) ?? [];
      setImmediate(() => channel.stdout.write(`${first}${second} hello \n${first}${second} missing\n`));
      return channel;
    };
    const failure = await failureOf(enter(start, { become: { method: 'doas' } }));
    expect(failure).toMatchObject({ code: 'become.unavailable', message: expect.stringContaining('doas is not installed') });
    expect(channel.isDestroyed()).toBe(true);
  });

  test('a plain user without become is told to set it', async () => {
    pretendPlainUser();
    const failure = await failureOf(enter(startLocally('/bin/sh', environment())));
    expect(failure).toMatchObject({ code: 'become.refused', hint: expect.stringContaining('ansible_become') });
  });
});

describe('a login shell', () => {
  test('may print anything before and beside the answer', async () => {
    program('id', 'echo 0');
    const shell = program('noisy', 'echo "motd"; printf "no line end "; echo "warning: \\033[31mred" >&2; exec /bin/sh "$@"');
    const session = await enter(startLocally(shell, environment()), { opening: 'echo ok' });
    expect(await session.opening).toEqual({ status: 0, stdout: 'ok\n', stderr: '' });
  });

  test('that echoes its command is not taken for the answer', async () => {
    const shell = program('echoing', 'echo "not allowed: $*"; echo "+ $*" >&2; exit 1');
    const failure = await failureOf(enter(startLocally(shell, environment()), { become: sudo(PASSWORD) }));
    expect(failure.code).toBe('shell.unusable');
    expect(failure.message).not.toContain(PASSWORD);
  });

  test('that lets nobody in is quoted', async () => {
    const shell = program('nologin', 'echo "This account is currently not available."; exit 1');
    const failure = await failureOf(enter(startLocally(shell, environment())));
    expect(failure.message).toContain('This account is currently not available.');
  });

  test('that never answers is given up', async () => {
    const shell = program('silent', 'exec sleep 30');
    expect(await failureOf(enter(startLocally(shell, environment()), { timeoutMs: 100 }))).toMatchObject({ code: 'shell.timeout' });
  });

  test('that talks without end is cut off', async () => {
    const shell = program('endless', 'exec yes');
    expect(await failureOf(enter(startLocally(shell, environment())))).toMatchObject({ code: 'shell.too-much-output' });
  });

  test('can be left by an abort', async () => {
    const shell = program('silent', 'exec sleep 30');
    const abort = new AbortController();
    const entering = failureOf(enter(startLocally(shell, environment()), { signal: abort.signal }));
    abort.abort();
    expect(await entering).toMatchObject({ code: 'run.interrupted' });
  });
});
