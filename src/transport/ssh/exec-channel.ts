import type { Client, ClientChannel } from 'ssh2';
import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { connectionLost } from '../session-failures.ts';
import type { ChannelEnding, ShellChannel } from '../shell-channel.ts';
import type { LoggedIn } from './login.ts';

/** How long an orderly end of the connection may take before it is cut. */
const FAREWELL_MS = 1000;

/**
 * Runs one command on a host, with the start of its input behind it.
 *
 * OpenSSH opens a session with a window of zero and widens it when it has started the command, so the input travels one
 * round trip behind the request, while the login shell starts.
 *
 * @throws HostFailure - the host refuses channels or commands, or the connection is lost
 */
export async function startOverSsh(
  host: string,
  loggedIn: LoggedIn,
  program: { readonly command: string; readonly input: string },
): Promise<ShellChannel> {
  const opening = openExec(host, loggedIn.client, program.command);
  loggedIn.hurry();
  const channel = await opening;
  if (program.input !== '') channel.write(program.input);
  return asShellChannel(channel, loggedIn);
}

function openExec(host: string, client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(connectionLost(host)));
    try {
      client.exec(command, (error, channel) => (error ? reject(execRefused(host, error)) : resolve(channel)));
    } catch {
      reject(connectionLost(host));
    }
  });
}

function asShellChannel(channel: ClientChannel, loggedIn: LoggedIn): ShellChannel {
  const { client, stream } = loggedIn;
  let hasEnded = false;
  let reason: Error | undefined;
  client.on('error', (error: Error & { readonly level?: string }) => {
    reason = error.level === 'client-timeout' ? new Error('the host stopped answering') : error;
  });
  const ended = new Promise<ChannelEnding>((resolve) => {
    channel.once('close', (code: number | null | undefined, signal: string | undefined) => {
      hasEnded = true;
      resolve(endingOf(code, signal, reason));
    });
  });
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    close: () => void channel.end(),
    destroy: () => {
      if (hasEnded) sayFarewell(loggedIn);
      else stream.destroy();
    },
  };
}

/** ssh2 gives neither code nor signal when the connection under the channel was lost, and a null code with a signal. */
function endingOf(code: number | null | undefined, signal: string | undefined, reason: Error | undefined): ChannelEnding {
  if (typeof code === 'number') return { code };
  if (typeof signal === 'string') return { signal };
  return reason === undefined ? {} : { reason };
}

/** Disconnects as SSH wants it, without keeping the process alive for the answer. */
export function sayFarewell({ client, stream }: LoggedIn): void {
  client.end();
  setTimeout(() => stream.destroy(), FAREWELL_MS).unref();
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}

function execRefused(host: string, error: Error): HostFailure {
  if (error.message === 'No response from server') return connectionLost(host);
  return new HostFailure({
    code: 'shell.unusable',
    host,
    message: `the host lets the user log in but run nothing: ${quoteWords(error.message)}`,
    hint: 'Check MaxSessions, ForceCommand and the login shell of the user on the host.',
    cause: error,
  });
}
