import { homedir, userInfo } from 'node:os';
import { createChoosingTransport } from '../transport/choosing-transport.ts';
import { createOpenSshTransport } from '../transport/openssh/openssh-transport.ts';
import type { SshEnvironment } from '../transport/ssh/ssh-environment.ts';
import { createSshTransport } from '../transport/ssh/ssh-transport.ts';
import type { Transport } from '../transport/transport.ts';
import type { View } from '../ui/view.ts';
import { askOnTerminal, askSecretOnTerminal, hasTerminal } from './ask.ts';
import type { RunFlags } from './flags.ts';

/** The way to the hosts, with the user's own SSH configuration; questions are put only where there is a terminal. */
export function openTransport(
  view: Pick<View, 'lend'>,
  { timeout, verbose, transport }: Pick<RunFlags, 'timeout' | 'verbose' | 'transport'>,
): Transport {
  const terminal = {
    ask: (question: string) => view.lend(() => askOnTerminal(question)),
    askSecret: (question: string) => view.lend(() => askSecretOnTerminal(question)),
  };
  return TRANSPORTS[transport]({
    ...sshEnvironment(timeout),
    ...(hasTerminal() ? { terminal } : {}),
    ...(verbose >= 3 ? { log: (host: string, line: string) => process.stderr.write(`${host}: ${line}\n`) } : {}),
  });
}

/** @param timeout - seconds until a connection is given up */
export function sshEnvironment(timeout: number): SshEnvironment {
  return { homeDir: homedir(), env: process.env, controllerUser: userInfo().username, connectTimeoutMs: timeout * 1000 };
}

const TRANSPORTS = { auto: createChoosingTransport, ssh2: createSshTransport, openssh: createOpenSshTransport };
