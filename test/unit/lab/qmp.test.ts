import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forwardedPort, qmp } from '../../../src/lab/qmp.ts';

const USERNET =
  'Hub -1 (n0):\r\n  Protocol[State] FD Source Address\r\n  TCP[HOST_FORWARD]   9       127.0.0.1 37091       198.18.0.15    22     0     0\r\n';

let folder = '';
let server: Server | undefined;
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qmp-'));
  path = join(folder, 's');
});

afterEach(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A QEMU that greets, accepts the handshake, and answers every further command with these messages. */
async function fakeQemu(...answers: readonly object[]): Promise<void> {
  server = createServer((socket) => {
    socket.write('{"QMP": {"version": {}}}\n');
    let commands = 0;
    socket.on('data', () => {
      commands += 1;
      const messages = commands === 1 ? [{ return: {} }] : answers;
      socket.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
    });
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
}

describe('qmp', () => {
  it('gives the answer and passes events over', async () => {
    await fakeQemu({ event: 'STOP', data: {} }, { return: { running: false } });
    expect(await qmp(path, 'query-status')).toEqual({ running: false });
  });

  it('says in QEMU’s own words why a command was refused', async () => {
    await fakeQemu({ error: { class: 'DeviceNotFound', desc: "Device 'eth9' not found" } });
    await expect(qmp(path, 'set_link', { name: 'eth9', up: false })).rejects.toThrow("qmp set_link: Device 'eth9' not found");
  });

  it('says so when the guest is gone', async () => {
    await expect(qmp(path, 'stop')).rejects.toThrow('qmp stop');
  });

  it('reads the forwarded port that the kernel chose', async () => {
    await fakeQemu({ return: USERNET });
    expect(await forwardedPort(path)).toBe(37091);
  });
});
