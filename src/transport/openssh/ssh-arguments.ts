import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Host } from '../../domain/host.ts';
import { quote } from '../../shell/quote.ts';
import { optionWords } from '../ssh/ask-openssh.ts';
import { commandLine, questionFile } from '../ssh/host-options.ts';
import type { OptionLine } from '../ssh/option-values.ts';
import type { SshEnvironment } from '../ssh/ssh-environment.ts';
import type { SshSettings } from '../ssh/ssh-settings.ts';

/** What one ssh process is for. */
export interface SshPurpose {
  /** Where it writes its own words. */
  readonly logPath: string;
  /** What it prints once it is logged in, before anything of the host. */
  readonly mark: string;
  /** Whether nobody answers its questions. */
  readonly isSilent: boolean;
  /** Whether the inventory's password answers them: then one wrong one is enough. */
  readonly hasPassword: boolean;
  /** Whether a password for root goes over its session later, of which it knows nothing. */
  readonly carriesPassword: boolean;
  /** The socket of the bastion that it goes through. */
  readonly bastion?: string;
  /** The socket on which it is a bastion for others. */
  readonly listensOn?: string;
}

/**
 * The words of an ssh process for one host, up to and with the host's name; ssh takes the first value of each option.
 *
 * OpenSSH reads its configuration itself: what stands here is what must be so for a session of tunorch, what the inventory says,
 * and the defaults in which tunorch differs. `--` keeps a name from being taken for an option.
 */
export function sshArguments(
  host: Host,
  settings: SshSettings,
  context: { readonly environment: SshEnvironment; readonly purpose: SshPurpose },
): readonly string[] {
  const { environment, purpose } = context;
  const { target, options, configFile } = commandLine(host);
  const file = questionFile(configFile, environment).configFile;
  return [
    '-T',
    '-E',
    purpose.logPath,
    ...(file === undefined ? [] : ['-F', file]),
    ...optionWords([...fixed(settings, purpose), ...options, ...filesOf(settings, environment)]),
    '--',
    target,
  ];
}

function fixed(settings: SshSettings, purpose: SshPurpose): readonly OptionLine[] {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['LogLevel', 'DEBUG1'],
    ['PermitLocalCommand', 'yes'],
    ['LocalCommand', `echo ${purpose.mark}`],
    ['RemoteCommand', 'none'],
    ['BatchMode', purpose.isSilent ? 'yes' : 'no'],
    ['NumberOfPasswordPrompts', purpose.hasPassword ? '1' : undefined],
    ['ConnectTimeout', String(Math.ceil(settings.connectTimeoutMs / 1000))],
    ['ServerAliveInterval', String(Math.ceil(settings.keepaliveIntervalMs / 1000))],
    ['ServerAliveCountMax', String(settings.keepaliveCountMax)],
    ['ControlMaster', purpose.listensOn === undefined ? 'no' : 'yes'],
    ['ControlPath', purpose.listensOn === undefined ? 'none' : escaped(purpose.listensOn)],
    ['ControlPersist', 'no'],
    ['ClearAllForwardings', 'yes'],
    ['ForwardAgent', 'no'],
    ['ForwardX11', 'no'],
    ['Tunnel', 'no'],
    ['UpdateHostKeys', 'no'],
    ['StrictHostKeyChecking', purpose.carriesPassword && settings.hostKeyPolicy === 'no' ? 'accept-new' : undefined],
    ['ProxyCommand', purpose.bastion === undefined ? undefined : throughBastion(purpose.bastion)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** A client of the bastion's connection (ssh itself puts `exec` before it); where that is gone it must not make one of its own, so it gets a proxy that fails. */
function throughBastion(socket: string): string {
  return `ssh -F none -o ControlPath=${quote(escaped(escaped(socket)))} -o ProxyCommand=false -W '[%h]:%p' -- bastion`;
}

/** ssh reads `%` as the beginning of a token. */
function escaped(path: string): string {
  return path.replaceAll('%', '%%');
}

/** OpenSSH looks into the home folder of the passwd entry: where another one is meant, its files are named. */
function filesOf(settings: SshSettings, { homeDir, systemDir }: SshEnvironment): readonly OptionLine[] {
  const identities = settings.identityFiles.filter(({ path }) => existsSync(path)).map(({ path }) => ({ name: 'identityfile', value: path }));
  return [
    ...(homeDir === userInfo().homedir ? [] : [...identities, { name: 'UserKnownHostsFile', value: pathList(settings.userKnownHostsFiles) }]),
    ...(systemDir === undefined ? [] : [{ name: 'GlobalKnownHostsFile', value: pathList(settings.globalKnownHostsFiles) }]),
  ];
}

function pathList(paths: readonly string[]): string {
  return paths.length === 0 ? 'none' : paths.map((path) => `"${path}"`).join(' ');
}
