import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../domain/host.ts';
import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { askOpenSsh } from './ask-openssh.ts';
import { type ConfigFile, readConfigFiles } from './config-files.ts';
import { commandRunner } from './match-exec.ts';
import { collectOptions, currentName, isKnownOption, type OptionLine, type OptionValues } from './option-values.ts';
import type { SshEnvironment } from './ssh-environment.ts';

/** The words of ssh's `-F`, which is no option of ssh_config(5). */
const CONFIG_FILE_OPTION = 'configfile';

/**
 * Every option that applies to a host: from its variables first, then from the files of OpenSSH.
 *
 * The system's ssh is asked where a file depends on the host; where none does, which is the usual case, no process is started.
 * Without an ssh the own reader follows the blocks too, and refuses what it cannot know.
 *
 * @throws HostFailure - ssh.unsupported
 */
export async function hostOptions(host: Host, environment: SshEnvironment): Promise<OptionValues> {
  const { target, options, configFile } = commandLine(host);
  const question = { files: configFiles(configFile, environment), host: target, given: options.map(unquoted), ...persons(environment) };
  const config = readConfigFiles({ ...question, runs: () => false });
  if (config.beyond === undefined && !config.isPerHost) return collectOptions(config.lines);
  const answer = await askOpenSsh({ host: target, options, ...questionFile(configFile, environment) });
  if (answer.kind === 'options') return collectOptions(answer.lines.map((line) => inHomeDir(line, environment)));
  if (answer.kind === 'refused') throw configRefused(host.name, answer.words);
  const { lines, beyond } = readConfigFiles({ ...question, runs: commandRunner(target, environment) });
  if (beyond !== undefined) throw onlyOpenSsh(host.name, beyond);
  return collectOptions(lines);
}

/** What the inventory says about a host, as words of ssh(1). */
export interface CommandLine {
  readonly target: string;
  readonly options: readonly OptionLine[];
  readonly configFile?: string;
}

/** @throws HostFailure - ssh.unsupported */
export function commandLine(host: Host): CommandLine {
  const target = host.connection.host ?? host.name;
  if (target.startsWith('-') || target === '') throw badTarget(host.name, target);
  const own = ownOptions(host);
  const configFile = own.find(({ name }) => name === CONFIG_FILE_OPTION)?.value;
  return { target, options: own.filter(({ name }) => name !== CONFIG_FILE_OPTION), ...(configFile === undefined ? {} : { configFile }) };
}

/** Variables before arguments, as ssh reads the command line that Ansible makes of them. @throws HostFailure - ssh.unsupported */
function ownOptions(host: Host): readonly OptionLine[] {
  const { port, user, privateKeyFile, sshOptions = [] } = host.connection;
  const options = sshOptions.map(({ name, value }) => ({ name: longName(name), value }));
  const unknown = options.findIndex(({ name }) => !isKnownOption(name) && name !== CONFIG_FILE_OPTION);
  if (unknown >= 0) throw optionUnsupported(host.name, sshOptions[unknown]?.name ?? '');
  return [
    ...(port === undefined ? [] : [{ name: 'port', value: String(port) }]),
    ...(privateKeyFile === undefined ? [] : [{ name: 'identityfile', value: privateKeyFile }]),
    ...(user === undefined ? [] : [{ name: 'user', value: user }]),
    ...options,
  ];
}

function persons({ homeDir, controllerUser }: SshEnvironment): { readonly homeDir: string; readonly localUser: string } {
  return { homeDir, localUser: controllerUser };
}

/** ssh takes the quotes off a value itself. */
function unquoted({ name, value }: OptionLine): OptionLine {
  return { name, value: value.replace(/^"([^"]*)"$/u, '$1') };
}

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['-J', 'proxyjump'],
  ['-F', CONFIG_FILE_OPTION],
  ['F', CONFIG_FILE_OPTION],
  ['-i', 'identityfile'],
  ['-p', 'port'],
  ['-l', 'user'],
]);

function longName(name: string): string {
  return SHORT_NAMES.get(name) ?? currentName(name.toLowerCase());
}

/** A file that is named takes the place of both; `none` is no file at all. */
function configFiles(named: string | undefined, { homeDir, systemDir = '/etc/ssh' }: SshEnvironment): readonly ConfigFile[] {
  const includeDir = join(homeDir, '.ssh');
  if (named !== undefined) return named.toLowerCase() === 'none' ? [] : [{ path: named, includeDir }];
  return [
    { path: join(includeDir, 'config'), includeDir },
    { path: join(systemDir, 'ssh_config'), includeDir: systemDir },
  ];
}

/** OpenSSH looks into the home folder of the passwd entry, whatever $HOME says: another one must be named. */
export function questionFile(configFile: string | undefined, { homeDir }: SshEnvironment): { readonly configFile?: string } {
  if (configFile !== undefined) return { configFile };
  const userFile = join(homeDir, '.ssh', 'config');
  return homeDir !== userInfo().homedir && existsSync(userFile) ? { configFile: userFile } : {};
}

/** OpenSSH answers with the passwd entry's home folder where its default files are meant. */
function inHomeDir({ name, value }: OptionLine, { homeDir }: SshEnvironment): OptionLine {
  const passwdHome = userInfo().homedir;
  return homeDir === passwdHome || !name.endsWith('file')
    ? { name, value }
    : { name, value: value.replaceAll(`${passwdHome}/.ssh/`, `${homeDir}/.ssh/`) };
}

function badTarget(host: string, target: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `«${quoteWords(target)}» is no address that can be dialled`,
    hint: 'Set ansible_host to a name or an address.',
  });
}

function optionUnsupported(host: string, option: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `the SSH option ${quoteWords(option)} is not supported`,
    hint: 'Remove it from ansible_ssh_common_args and ansible_ssh_extra_args.',
  });
}

function configRefused(host: string, words: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `ssh refuses its configuration: ${words}`,
    hint: 'Correct ~/.ssh/config, or the SSH arguments of the inventory: ssh -G shows what it reads.',
  });
}

function onlyOpenSsh(host: string, line: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `ssh_config has «${quoteWords(line)}», which only OpenSSH itself can follow, and ssh is not installed here`,
    hint: 'Install the OpenSSH client on this machine (package openssh-client).',
  });
}
