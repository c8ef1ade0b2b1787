import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import type { SshSettings } from './ssh-settings.ts';

/** How far a connection had come when it failed. */
export interface Progress {
  readonly host: string;
  readonly settings: SshSettings;
  /** Keys are exchanged: what fails from here on is about the login. */
  readonly hasHandshake: boolean;
  readonly tried: readonly string[];
  readonly notes: readonly string[];
  /** Why the key that the inventory names, or one that the host would have taken, could not be used. */
  readonly keyProblem?: string;
}

/** What ssh2 1.17.0 gives with its errors: `level` says where they come from, `code` is the system's. */
interface Ssh2Error extends Error {
  readonly level?: string;
  readonly code?: string | number;
}

/**
 * The one place that turns ssh2's errors into failures with a code.
 *
 * ssh2 tells them apart by `level` and, within one, only by text; the texts are those of version 1.17.0 and are covered by tests.
 */
export function describeConnectError(error: Ssh2Error, progress: Progress): HostFailure {
  switch (error.level) {
    case 'client-socket':
    case 'client-dns':
      return socketFailure(error, progress);
    case 'client-timeout':
      return timedOut(progress);
    case 'client-authentication':
      return authRefused(progress);
    default:
      if (/no matching/u.test(error.message)) return noCommonAlgorithm(error, progress);
      if (progress.hasHandshake) return authRefused(progress, error);
      return protocolFailure(error, progress);
  }
}

/** Whether host and ssh2 know no common algorithm: another program may. */
export function isNegotiationFailure({ code, cause }: HostFailure): boolean {
  if (cause instanceof HostFailure) return isNegotiationFailure(cause);
  return code === 'ssh.unsupported' && cause instanceof Error && /no matching/u.test(cause.message);
}

/** Whether the other side hung up before it said anything: sshd does so when too many logins are under way (sshd_config(5), MaxStartups). */
export function isDropped(error: Ssh2Error): boolean {
  return error.message === 'Connection lost before handshake' || (error.level === 'client-socket' && error.code === 'ECONNRESET');
}

export function timedOut(progress: Progress): HostFailure {
  const { settings, hasHandshake } = progress;
  return new HostFailure({
    code: 'ssh.timeout',
    host: progress.host,
    message: `${where(settings)} ${hasHandshake ? 'did not finish the login' : 'did not answer as SSH'} within ${settings.connectTimeoutMs / 1000} s`,
    hint: 'Check the address, the port and the firewalls on the way; give it more time with --timeout.',
  });
}

function socketFailure(error: Ssh2Error, { host, settings }: Progress): HostFailure {
  const { message, hint } = socketWords(error, settings);
  const code = error.code === 'ETIMEDOUT' ? 'ssh.timeout' : 'ssh.unreachable';
  return new HostFailure({ code, host, message, hint, cause: error });
}

function socketWords(error: Ssh2Error, settings: SshSettings): { readonly message: string; readonly hint: string } {
  switch (error.code) {
    case 'ECONNREFUSED':
      return { message: `${where(settings)} refuses connections`, hint: 'Start sshd on the host, or set ansible_port to the port it listens on.' };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return { message: `the name ${settings.hostName} has no address`, hint: 'Correct the name, or set ansible_host to an address.' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { message: `there is no way to ${where(settings)} (${error.code})`, hint: 'Check the address, and the routes of this machine.' };
    case 'ETIMEDOUT':
      return { message: `${where(settings)} does not answer`, hint: 'Check the address, the port and the firewalls on the way.' };
    case 'ECONNRESET':
      return {
        message: `${where(settings)} cut the connection`,
        hint: 'Check that sshd listens on that port and that no firewall cuts connections to it.',
      };
    default:
      return { message: `${where(settings)} cannot be reached: ${quoteWords(error.message)}`, hint: 'Check the address and the port.' };
  }
}

function noCommonAlgorithm(error: Ssh2Error, { host, settings }: Progress): HostFailure {
  const [, what = 'algorithm'] = /no matching (.+)$/u.exec(error.message) ?? [];
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `${where(settings)} and tunorch have no ${quoteWords(what)} in common`,
    hint: 'Allow a current one in sshd_config of the host; an outdated one can be allowed here, for example by HostKeyAlgorithms +ssh-rsa in ~/.ssh/config.',
    cause: error,
  });
}

function protocolFailure(error: Ssh2Error, { host, settings }: Progress): HostFailure {
  const isSilentEnd = isDropped(error);
  return new HostFailure({
    code: 'ssh.protocol',
    host,
    message: isSilentEnd
      ? `${where(settings)} hung up before it spoke SSH`
      : `${where(settings)} does not speak SSH as it should: ${quoteWords(error.message)}`,
    hint: isSilentEnd
      ? 'Check that sshd listens on that port. If it does, it is too busy: raise its MaxStartups, or lower --forks.'
      : 'Check that sshd, and nothing else, listens on that port.',
    cause: error,
  });
}

/** Says who was refused, with what, and what else could have been tried. */
function authRefused(progress: Progress, ended?: Error): HostFailure {
  const { host, settings, tried, notes, keyProblem } = progress;
  if (keyProblem !== undefined) return keyUnreadable(host, keyProblem);
  if (settings.certificateFiles.length > 0) return certificateNeeded(host, settings);
  const said = ended === undefined ? '' : ` (${quoteWords(ended.message)})`;
  const remarks = notes.map((note) => `; ${quoteWords(note)}`).join('');
  return new HostFailure({
    code: 'ssh.auth-refused',
    host,
    message: `${refusal(tried)} for ${settings.user}${attempts(tried)}${said}${remarks}`,
    hint: adviceAfter(tried, ended),
  });
}

function adviceAfter(tried: readonly string[], ended: Error | undefined): string {
  if (tried.some((label) => label === 'password' || label === 'keyboard-interactive')) return 'Correct ansible_user and ansible_password.';
  if (ended === undefined || tried.length < 2) return 'Set ansible_user, or load a key with ssh-add.';
  return 'Name the right key by ansible_ssh_private_key_file, or by IdentityFile with IdentitiesOnly yes in ~/.ssh/config.';
}

function keyUnreadable(host: string, problem: string): HostFailure {
  return new HostFailure({
    code: 'ssh.key-unreadable',
    host,
    message: quoteWords(problem),
    hint: 'Correct ansible_ssh_private_key_file, or load the key with ssh-add.',
  });
}

function refusal(tried: readonly string[]): string {
  if (tried.length === 0) return 'there was no key to offer';
  const keys = tried.filter((label) => label !== 'password' && label !== 'keyboard-interactive');
  if (keys.length === tried.length) return 'no key was accepted';
  return keys.length === 0 ? 'the password was not accepted' : 'neither a key nor the password was accepted';
}

function attempts(tried: readonly string[]): string {
  return tried.length === 0 ? '' : ` (tried ${tried.map((label) => quoteWords(label)).join(', ')})`;
}

function certificateNeeded(host: string, { certificateFiles, user }: SshSettings): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `no plain key was accepted for ${user}, and CertificateFile ${certificateFiles[0]} cannot be used: ssh2 knows no user certificates`,
    hint: 'Leave out --transport ssh2, or add the public key itself to authorized_keys of the host.',
  });
}

function where({ hostName, port }: SshSettings): string {
  return `${hostName} port ${port}`;
}
