import type { Become } from '../domain/host.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { type BecomeWay, wayOf } from './become-command.ts';
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
 * Without a password everything goes out at once: the command, the word that opens the shell and the opening script. With
 * one, the become program must be seen to ask or to let the shell in first, because it reads its password from the same stream.
 * Where sudo wants a terminal, `start` is called a second time, for a program that makes one.
 *
 * @throws HostFailure - no usable shell, no root rights, interrupted
 */
export async function openShell(start: StartProgram, request: ShellRequest): Promise<Session> {
  checkPassword(request);
  const way = request.become === undefined ? 'streams' : wayOf(request.become);
  const first = await enterBy(way, start, request);
  if (first instanceof ShellSession) return first;
  if (!first.isTerminalWanted || way === 'terminal') throw first.failure;
  const second = await enterBy('terminal', start, request);
  if (second instanceof ShellSession) return second;
  throw second.failure;
}

interface NotEntered {
  readonly failure: unknown;
  readonly isTerminalWanted: boolean;
}

async function enterBy(way: BecomeWay, start: StartProgram, request: ShellRequest): Promise<ShellSession | NotEntered> {
  const hasPassword = request.become?.password !== undefined;
  const marks = newEntranceMarks();
  const openingMarks = request.opening === undefined ? undefined : newPhaseMarks();
  const input = `${marks.go}\n${request.opening === undefined || openingMarks === undefined ? '' : framePhase(request.opening, openingMarks)}`;
  const channel = await start(entranceCommand(request.become, way, marks), hasPassword ? '' : input);
  const { feed, entrance } = enter(channel, request, marks);
  try {
    const entered = await untilEntered(entrance, request);
    const greeting = { host: request.host, ...entered, ...(openingMarks === undefined ? {} : { openingMarks }), rest: entrance.rest };
    const session = new ShellSession(feed, greeting);
    if (hasPassword) void feed.write(input);
    return session;
  } catch (failure) {
    channel.destroy();
    return { failure, isTerminalWanted: entrance.isTerminalWanted };
  }
}

function enter(channel: ShellChannel, request: ShellRequest, marks: EntranceMarks): { feed: ChannelFeed; entrance: Entrance } {
  const { host, become, timeoutMs } = request;
  const sendPassword = () => void feed.write(`${become?.password?.reveal() ?? ''}\n`);
  const entrance = new Entrance({ host, ...(become === undefined ? {} : { become }), marks, timeoutMs, sendPassword });
  const feed = new ChannelFeed(channel, entrance);
  return { feed, entrance };
}

async function untilEntered(entrance: Entrance, request: ShellRequest) {
  const stop = () => entrance.fail(interrupted(request.host));
  request.signal?.addEventListener('abort', stop, { once: true });
  if (request.signal?.aborted === true) stop();
  try {
    return await entrance.entered;
  } finally {
    request.signal?.removeEventListener('abort', stop);
  }
}

function checkPassword({ host, become }: ShellRequest): void {
  const password = become?.password?.reveal();
  if (password === undefined || !/[\n\r\0]/u.test(password)) return;
  throw new HostFailure({
    code: 'become.password-wrong',
    host,
    message: `the password for ${become?.method} contains a line break or a NUL character, which it cannot read`,
    hint: 'Correct ansible_become_password: a file with the password must hold one line.',
  });
}
