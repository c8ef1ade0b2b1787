import type { Become } from '../domain/host.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { ChannelFeed } from './channel-feed.ts';
import { Entrance } from './entrance.ts';
import { type EntranceMarks, entranceCommand, newEntranceMarks } from './entrance-command.ts';
import { framePhase, newPhaseMarks } from './phase-frame.ts';
import { interrupted } from './session-failures.ts';
import type { ShellChannel } from './shell-channel.ts';
import { ShellSession } from './shell-session.ts';
import type { Session } from './transport.ts';

/** What a session is wanted for. */
export interface ShellRequest {
  readonly host: string;
  readonly become?: Become;
  /** For the login shell, rc files and sudo together. */
  readonly timeoutMs: number;
  /** A first phase that is sent at once. */
  readonly opening?: string;
  readonly signal?: AbortSignal;
}

/** Starts one program on the host; `input` is sent with the request, before the host has answered. */
export type StartProgram = (command: string, input: string) => Promise<ShellChannel>;

/**
 * Opens a root shell on a host that was reached, over whatever channel `start` gives.
 *
 * Without a password for sudo everything goes out at once: the command, the word that opens the shell and the opening
 * script. With one, sudo must be seen to ask or to let the shell in first, because it reads its password from the same stream.
 *
 * @throws HostFailure - no usable shell, no root rights, interrupted
 */
export async function openShell(start: StartProgram, request: ShellRequest): Promise<Session> {
  const password = passwordForSudo(request);
  const marks = newEntranceMarks();
  const openingMarks = request.opening === undefined ? undefined : newPhaseMarks();
  const input = `${marks.go}\n${request.opening === undefined || openingMarks === undefined ? '' : framePhase(request.opening, openingMarks)}`;
  const channel = await start(entranceCommand(request.become, marks), password === undefined ? input : '');
  const { feed, entrance } = enter(channel, request, marks);
  const entered = await untilEntered(entrance, channel, request);
  const greeting = { host: request.host, ...entered, ...(openingMarks === undefined ? {} : { openingMarks }), rest: entrance.rest };
  const session = new ShellSession(feed, greeting);
  if (password !== undefined) void feed.write(input);
  return session;
}

function enter(channel: ShellChannel, request: ShellRequest, marks: EntranceMarks): { feed: ChannelFeed; entrance: Entrance } {
  const { host, become, timeoutMs } = request;
  const sendPassword = () => void feed.write(`${become?.password?.reveal() ?? ''}\n`);
  const entrance = new Entrance({ host, ...(become === undefined ? {} : { become }), marks, timeoutMs, sendPassword });
  const feed = new ChannelFeed(channel, entrance);
  return { feed, entrance };
}

async function untilEntered(entrance: Entrance, channel: ShellChannel, request: ShellRequest) {
  const stop = () => entrance.fail(interrupted(request.host));
  request.signal?.addEventListener('abort', stop, { once: true });
  if (request.signal?.aborted === true) stop();
  try {
    return await entrance.entered;
  } catch (failure) {
    channel.destroy();
    throw failure;
  } finally {
    request.signal?.removeEventListener('abort', stop);
  }
}

function passwordForSudo({ host, become }: ShellRequest): string | undefined {
  if (become?.method !== 'sudo' || become.password === undefined) return undefined;
  const password = become.password.reveal();
  if (!/[\n\r\0]/u.test(password)) return password;
  throw new HostFailure({
    code: 'become.password-wrong',
    host,
    message: 'the password for sudo contains a line break or a NUL character, which sudo cannot read',
    hint: 'Correct ansible_become_password: a file with the password must hold one line.',
  });
}
