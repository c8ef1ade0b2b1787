import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConnectionVars } from '../../src/domain/host.ts';
import { createSshTransport } from '../../src/transport/ssh/ssh-transport.ts';
import { failureOf } from './fixture.ts';
import { freePort } from './sshd.ts';

const NOWHERE = { homeDir: '/nonexistent', env: {}, controllerUser: 'nobody', connectTimeoutMs: 5000, systemDir: '/nonexistent' };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const connect = (connection: ConnectionVars) =>
  createSshTransport(NOWHERE).connect({ name: 'router-a', connection: { host: '127.0.0.1', ...connection } });

describe('where no sshd is', () => {
  test('nobody listens', async () => {
    const failure = await failureOf(connect({ port: await freePort() }));
    expect(failure).toMatchObject({ code: 'ssh.unreachable', isRetryable: true, message: expect.stringContaining('refuses connections') });
  });

  test('the name has no address', async () => {
    expect(await failureOf(connect({ host: 'no-such-host.invalid' }))).toMatchObject({
      code: 'ssh.unreachable',
      message: expect.stringContaining('has no address'),
    });
  });

  test('something hangs up at once, and is tried three times', async () => {
    let calls = 0;
    const port = await listen((socket) => {
      calls++;
      socket.destroy();
    });
    expect(await failureOf(connect({ port }))).toMatchObject({ code: 'ssh.protocol', isRetryable: true });
    expect(calls).toBe(3);
  });

  test('something speaks HTTP', async () => {
    const port = await listen((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failureOf(connect({ port }))).toMatchObject({ code: 'ssh.protocol' });
  });

  test('something talks without end', async () => {
    const port = await listen((socket) => {
      const talk = () => {
        while (socket.writable && socket.write('x'.repeat(65_536)));
      };
      socket.on('error', () => undefined).on('drain', talk);
      talk();
    });
    const failure = await failureOf(connect({ port, sshOptions: [{ name: 'ConnectTimeout', value: '2' }] }));
    expect(failure.code).toMatch(/^ssh\.(?:protocol|timeout)$/u);
  });

  test('something is silent', async () => {
    const port = await listen((socket) => void socket.on('error', () => undefined));
    const failure = await failureOf(connect({ port, sshOptions: [{ name: 'ConnectTimeout', value: '1' }] }));
    expect(failure).toMatchObject({ code: 'ssh.timeout', message: expect.stringContaining('within 1 s') });
  });
});
