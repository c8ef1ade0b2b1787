import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { LabError } from './lab-error.ts';

const ANSWER_MS = 10_000;

interface QmpMessage {
  readonly QMP?: unknown;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

/**
 * Runs one command of QEMU's machine protocol (QMP) on a guest and gives its answer.
 *
 * A connection a command: QEMU serves one client at a time, and a test and `tunorch lab` may both be clients.
 *
 * @throws LabError - the guest is gone, or QEMU refused the command
 */
export async function qmp(socketPath: string, command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  const socket = createConnection(socketPath);
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer')));
  try {
    return await converse(socket, command, args);
  } catch (error) {
    throw new LabError(`qmp ${command}: ${error instanceof Error ? error.message : String(error)} (${socketPath})`);
  } finally {
    socket.destroy();
  }
}

async function converse(socket: Socket, command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  const messages = answers(socket);
  await next(messages);
  for (const request of [{ execute: 'qmp_capabilities' }, { execute: command, arguments: args }]) {
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = await next(messages);
    if (answer.error !== undefined) throw new Error(answer.error.desc);
    if (request.execute === command) return answer.return;
  }
  return undefined;
}

/** The greeting and the answers; events in between are passed over. */
async function* answers(socket: Socket): AsyncGenerator<QmpMessage> {
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  while (true) {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done) throw new Error('the connection was closed');
    const message = JSON.parse(line.value) as QmpMessage;
    if (message.QMP !== undefined || message.return !== undefined || message.error !== undefined) yield message;
  }
}

async function next(messages: AsyncGenerator<QmpMessage>): Promise<QmpMessage> {
  const { value } = await messages.next();
  return value as QmpMessage;
}

/** The port of 127.0.0.1 that the kernel chose for the guest's sshd. */
export async function forwardedPort(socketPath: string): Promise<number> {
  const text = await qmp(socketPath, 'human-monitor-command', { 'command-line': 'info usernet' });
  const match = /TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(String(text));
  if (match?.[1] === undefined) throw new LabError(`QEMU names no forwarded port: ${String(text)}`);
  return Number(match[1]);
}
