import type { Host } from '../../domain/host.ts';
import { openShell } from '../open-shell.ts';
import { interrupted } from '../session-failures.ts';
import type { ShellChannel } from '../shell-channel.ts';
import { orInterrupted, withPatience } from '../ssh/patience.ts';
import { oneAtATime } from '../ssh/prompter.ts';
import { resolveSettings } from '../ssh/resolve-settings.ts';
import type { SshSettings } from '../ssh/ssh-settings.ts';
import type { SshTransportOptions } from '../ssh/ssh-transport.ts';
import type { Session, Transport } from '../transport.ts';
import { Bastions } from './bastions.ts';
import { Launcher } from './launcher.ts';
import { describeLoginEnd, sshMissing } from './openssh-failures.ts';
import { isUnverified } from './openssh-words.ts';
import { makeRuntimeFolder, type RuntimeFolder } from './runtime-folder.ts';
import type { SshProcess } from './ssh-process.ts';
import { findSsh } from './ssh-version.ts';

const SHELL_TIMEOUT_MS = 30_000;

/** What a run needs of the system's ssh, made when the first host asks for it. */
interface Workshop {
  readonly folder: RuntimeFolder;
  readonly launcher: Launcher;
  readonly bastions: Bastions;
}

interface Connecting {
  readonly host: Host;
  readonly options: SshTransportOptions;
  readonly workshop: Workshop;
  readonly signal?: AbortSignal;
  readonly opening?: string;
}

/**
 * Reaches hosts over the system's own ssh: one process a host, and one a bastion.
 *
 * It does what ssh2 cannot: user and host certificates, security keys, post-quantum key exchange, GSSAPI, ProxyCommand. OpenSSH reads its
 * own configuration, checks host keys and finds keys.
 */
export function createOpenSshTransport(options: SshTransportOptions): Transport {
  let workshop: Promise<Workshop | undefined> | undefined;
  return {
    connect: async (host, signal, opening) => {
      workshop ??= openWorkshop(options);
      const opened = await workshop;
      if (opened === undefined) throw sshMissing(host.name, (await settingsOf(host, options)).onlyOpenSsh[0]);
      return connect({ host, options, workshop: opened, ...(signal === undefined ? {} : { signal }), ...(opening === undefined ? {} : { opening }) });
    },
    close: async () => {
      const opened = await workshop?.catch(() => undefined);
      await opened?.bastions.close();
      opened?.launcher.close();
      await opened?.folder.remove();
    },
  };
}

function settingsOf(host: Host, options: SshTransportOptions): Promise<SshSettings> {
  return options.settingsOf?.(host) ?? resolveSettings(host, options);
}

async function openWorkshop(options: SshTransportOptions): Promise<Workshop | undefined> {
  const ssh = await findSsh();
  if (ssh === undefined) return undefined;
  const folder = await makeRuntimeFolder(options.env);
  const { terminal, log } = options;
  const launcher = new Launcher({
    environment: options,
    folder,
    ssh,
    ...(terminal === undefined ? {} : { prompter: oneAtATime(terminal) }),
    ...(log === undefined ? {} : { log }),
  });
  return { folder, launcher, bastions: new Bastions({ launcher, folder, environment: options }) };
}

async function connect({ host, options, workshop, signal, opening }: Connecting): Promise<Session> {
  if (signal?.aborted === true) throw interrupted(host.name);
  const { become } = host.connection;
  const settings = await settingsOf(host, options);
  options.log?.(host.name, `connecting with ssh to ${settings.user}@${settings.hostName} port ${settings.port}`);
  const attempt = { host: host.name, limitMs: settings.connectTimeoutMs, ...(signal === undefined ? {} : { signal }) };
  const bastion = await orInterrupted(workshop.bastions.socketFor(host.name, settings), attempt);
  const start = async (command: string, input: string): Promise<ShellChannel> => {
    const ssh = await withPatience(attempt, () =>
      workshop.launcher.launch({
        host,
        settings,
        work: { kind: 'session', command },
        ...(bastion === undefined ? {} : { bastion }),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    options.log?.(host.name, 'logged in');
    refuseUnverified(host, settings, ssh);
    if (input !== '') ssh.stdin.write(input);
    return ssh;
  };
  return openShell(start, {
    host: host.name,
    timeoutMs: options.shellTimeoutMs ?? SHELL_TIMEOUT_MS,
    ...(become === undefined ? {} : { become }),
    ...(opening === undefined ? {} : { opening }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Where it does not check keys, ssh sends no password to a host whose key does not fit: neither goes the one for sudo.
 *
 * The second line: under a policy of `no` ssh is told to refuse such a host (ssh-arguments.ts), and this is for one that goes on all the same.
 */
function refuseUnverified({ name, connection }: Host, settings: SshSettings, ssh: SshProcess): void {
  if (connection.become?.password === undefined) return;
  const words = ssh.allWords;
  if (!isUnverified(words)) return;
  ssh.destroy();
  throw describeLoginEnd({ host: name, settings, words, stderr: '', hasPassword: connection.password !== undefined });
}
