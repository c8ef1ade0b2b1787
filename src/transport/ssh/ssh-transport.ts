import type { Host } from '../../domain/host.ts';
import { openShell } from '../open-shell.ts';
import { interrupted } from '../session-failures.ts';
import type { Session, Transport } from '../transport.ts';
import { Connections } from './connections.ts';
import { sayFarewell, startOverSsh } from './exec-channel.ts';
import type { LoggedIn } from './login.ts';
import { oneAtATime, type Prompter } from './prompter.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { SshEnvironment } from './ssh-environment.ts';
import type { SshSettings } from './ssh-settings.ts';

export interface SshTransportOptions extends SshEnvironment {
  /** Absent where there is no terminal: then nothing is ever asked. */
  readonly terminal?: Prompter;
  /** For the login shell, rc files and sudo together, once the login is made; default 30 s. */
  readonly shellTimeoutMs?: number;
  /** What was resolved already; otherwise each connection reads the configuration itself. */
  readonly settingsOf?: (host: Host) => Promise<SshSettings>;
  /** Told what happens on the way to a host; never told a secret. */
  readonly log?: (host: string, line: string) => void;
}

const SHELL_TIMEOUT_MS = 30_000;

/** Reaches hosts over ssh2, with the user's own OpenSSH configuration, keys and known_hosts. */
export function createSshTransport(options: SshTransportOptions): Transport {
  const terminal = options.terminal === undefined ? undefined : oneAtATime(options.terminal);
  const connections = new Connections(options, terminal);
  return {
    connect: (host, signal, opening) =>
      connect({ host, options, connections, ...(signal === undefined ? {} : { signal }), ...(opening === undefined ? {} : { opening }) }),
    close: async () => connections.close(),
  };
}

interface Connecting {
  readonly host: Host;
  readonly options: SshTransportOptions;
  readonly connections: Connections;
  readonly signal?: AbortSignal;
  readonly opening?: string;
}

async function connect({ host, options, connections, signal, opening }: Connecting): Promise<Session> {
  if (signal?.aborted === true) throw interrupted(host.name);
  const { become, password } = host.connection;
  const settings = await (options.settingsOf?.(host) ?? resolveSettings(host, options));
  options.log?.(host.name, `connecting to ${settings.user}@${settings.hostName} port ${settings.port}`);
  let loggedIn: LoggedIn | undefined;
  const start = async (command: string, input: string) => {
    loggedIn = await connections.logIn({
      host: host.name,
      settings,
      hasSecretsLater: become?.password !== undefined,
      ...(password === undefined ? {} : { password }),
      ...(signal === undefined ? {} : { signal }),
    });
    options.log?.(host.name, 'logged in');
    return startOverSsh(host.name, loggedIn, { command, input });
  };
  try {
    return await openShell(start, {
      host: host.name,
      timeoutMs: options.shellTimeoutMs ?? SHELL_TIMEOUT_MS,
      ...(become === undefined ? {} : { become }),
      ...(opening === undefined ? {} : { opening }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (failure) {
    if (loggedIn !== undefined) sayFarewell(loggedIn);
    throw failure;
  }
}
