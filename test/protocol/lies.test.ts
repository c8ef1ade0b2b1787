import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2, { type ServerChannel } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { createSshTransport } from '../../src/transport/ssh/ssh-transport.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { failureOf } from './fixture.ts';
import { makeFolder, makeKey, removeFolder } from './sshd.ts';

/** What the server does with the exec request of a session. */
type Behaviour = (channel: ServerChannel, command: string) => void;

/** The answers that a well-behaved host would give, for the server to give half of. */
function answersTo(command: string): { readonly hello: string; readonly ready: string } {
  const [, first = '', second = ''] = /echo ([0-9a-f]{16})\$\{1\}([0-9a-f]{16}) hello/u.exec(command) ?? [];
  return { hello: `${first}${second} hello 192.0.2.1 1 192.0.2.2 22\n`, ready: `${first}${second} ready 0\n` };
}

function marksIn(frame: string): { readonly begin: string; readonly end: string } {
  const marks = [...frame.matchAll(/printf '%s%s[^']*' ([0-9a-f]{16}) ([0-9a-f]{16})/gu)].map(([, first = '', second = '']) => first + second);
  return { begin: marks[0] ?? '', end: marks[2] ?? '' };
}

describe('a host that lies', () => {
  let folder = '';
  let key = '';
  let port = 0;
  let server: ssh2.Server;
  let behaviour: Behaviour = () => undefined;
  let transport: Transport;

  beforeAll(async () => {
    folder = makeFolder();
    key = makeKey(folder, 'key');
    server = new ssh2.Server({ hostKeys: [readFileSync(makeKey(folder, 'host'))] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => context.accept());
      client.on('session', (accept) => accept().on('exec', (acceptExec, _, { command }) => behaviour(acceptExec(), command)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    port = typeof address === 'object' && address !== null && 'port' in address ? address.port : 0;
    transport = createSshTransport({
      homeDir: folder,
      env: {},
      controllerUser: 'root',
      connectTimeoutMs: 5000,
      systemDir: folder,
      shellTimeoutMs: 1000,
    });
  });
  afterEach(() => {
    behaviour = () => undefined;
  });
  afterAll(() => {
    server.close();
    removeFolder(folder);
  });

  const sshOptions = [{ name: 'StrictHostKeyChecking', value: 'accept-new' }];
  const connect = (become?: { readonly method: 'sudo'; readonly password: Secret }) =>
    transport.connect({
      name: 'router-a',
      connection: { host: '127.0.0.1', port, privateKeyFile: key, sshOptions, ...(become === undefined ? {} : { become }) },
    });

  /** Enters honestly, then answers the first script as told. */
  const afterEntering =
    (answer: (channel: ServerChannel, marks: { readonly begin: string; readonly end: string }) => void): Behaviour =>
    (channel, command) => {
      const { hello, ready } = answersTo(command);
      channel.write(hello + ready);
      let input = '';
      channel.on('data', (piece: Buffer) => {
        input += piece.toString();
        if (input.endsWith('\n}\n')) answer(channel, marksIn(input));
      });
    };

  describe('on the way in', () => {
    test('by silence', async () => {
      expect(await failureOf(connect())).toMatchObject({ code: 'shell.timeout' });
    });

    test('by half an answer', async () => {
      behaviour = (channel, command) => void channel.write(answersTo(command).hello.slice(0, -5));
      expect(await failureOf(connect())).toMatchObject({ code: 'shell.timeout' });
    });

    test('by closing the channel without a status', async () => {
      behaviour = (channel) => channel.close();
      expect(await failureOf(connect())).toMatchObject({ code: 'ssh.connection-lost' });
    });

    test('by endless noise', async () => {
      behaviour = (channel) => void channel.write(Buffer.alloc(1024 * 1024, 'x'));
      expect(await failureOf(connect())).toMatchObject({ code: 'shell.too-much-output' });
    });

    test('by control characters in its words, which are not shown', async () => {
      behaviour = (channel) => {
        channel.write('\u001b[2J\u001b]0;owned\u0007harmless\u202e words');
        channel.exit(1);
        channel.end();
      };
      const failure = await failureOf(connect());
      expect(failure.message).toContain('saying «harmless words»');
      expect(failure.message).not.toMatch(/[\0-\u001f\u202e]/u);
    });

    test('by being root and no sudo at all: the password is not sent unless it is asked for', async () => {
      let received = '';
      behaviour = (channel, command) => {
        const { hello, ready } = answersTo(command);
        channel.on('data', (piece: Buffer) => {
          received += piece.toString();
        });
        channel.write(hello + ready);
      };
      const session = await connect({ method: 'sudo', password: new Secret('s3cret') });
      await failureOf(session.run('true', { timeoutMs: 200 }));
      expect(received).not.toContain('s3cret');
    });
  });

  describe('in a phase', () => {
    test('by silence', async () => {
      behaviour = afterEntering(() => undefined);
      const session = await connect();
      expect(await failureOf(session.run('true', { timeoutMs: 200 }))).toMatchObject({ code: 'shell.timeout' });
    });

    test('by half a mark, and then the end', async () => {
      behaviour = afterEntering((channel, { begin, end }) => {
        channel.stderr.write(`${begin}\n${end}\n`);
        channel.write(`${begin}\nfacts\n${end.slice(0, 16)}`);
        channel.close();
      });
      const session = await connect();
      expect(await failureOf(session.run('true'))).toMatchObject({ code: 'ssh.connection-lost' });
    });

    test('by output without end', async () => {
      behaviour = afterEntering((channel, { begin }) => {
        channel.write(`${begin}\n`);
        const talk = () => {
          while (channel.writable && channel.write(Buffer.alloc(32_768, 'x')));
        };
        channel.on('drain', talk);
        talk();
      });
      const session = await connect();
      expect(await failureOf(session.run('true', { maxBytes: 1_000_000 }))).toMatchObject({ code: 'shell.too-much-output' });
    });

    test('by a status that is none', async () => {
      behaviour = afterEntering((channel, { begin, end }) => {
        channel.stderr.write(`${begin}\n${end}\n`);
        channel.write(`${begin}\n${end} $(reboot)\n`);
      });
      const session = await connect();
      expect(await failureOf(session.run('true'))).toMatchObject({ code: 'shell.unusable' });
    });

    test('by answering well, which is believed', async () => {
      behaviour = afterEntering((channel, { begin, end }) => {
        channel.stderr.write(`${begin}\n${end}\n`);
        channel.write(`${begin}\nfacts\n${end} 0\n`);
      });
      const session = await connect();
      expect(await session.run('true')).toEqual({ status: 0, stdout: 'facts\n', stderr: '' });
      expect(readFileSync(join(folder, '.ssh', 'known_hosts'), 'utf8')).toContain(`[127.0.0.1]:${port}`);
      await session.close();
    });
  });
});
