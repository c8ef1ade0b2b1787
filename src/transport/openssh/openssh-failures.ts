import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure, type HostFailureCode } from '../../errors/host-failure.ts';
import { quoteAll } from '../../shell/quote.ts';
import { knownHostName } from '../ssh/known-hosts.ts';
import type { SshSettings } from '../ssh/ssh-settings.ts';
import { codeOf, isCommandRefused, tellingWords } from './openssh-words.ts';

/** An ssh that ended, or was ended, before the host let it run anything. */
export interface LoginEnd {
  readonly host: string;
  readonly settings: SshSettings;
  /** Its own words, from its log; empty where it could not read its command line, of which it speaks on stderr. */
  readonly words: string;
  /** What came on its stderr: the words of a ProxyCommand or a bastion. */
  readonly stderr: string;
  /** Whether a password was given, so that a refusal is about that too. */
  readonly hasPassword: boolean;
}

const HINTS: Readonly<Partial<Record<HostFailureCode, string>>> = {
  'ssh.unreachable': 'Check the address, the port, and what stands between: ssh by hand says more with -v.',
  'ssh.timeout': 'Check the address, the port and the firewalls on the way; give it more time with --timeout.',
  'ssh.protocol': 'Check that sshd listens on that port. If it does, it is too busy: raise its MaxStartups, or lower --forks.',
  'ssh.unsupported': 'Correct ~/.ssh/config or the SSH arguments of the inventory; ssh -G shows what it reads.',
  'ssh.host-key-revoked': 'Do not connect: whoever answers holds a key that is known to be stolen or retired.',
  'ssh.host-key-unknown':
    "Compare the fingerprint with the host's own (ssh-keygen -l -f /etc/ssh/ssh_host_*_key.pub), then log in once with ssh, or set StrictHostKeyChecking accept-new.",
};

/** Gives the end of an ssh process its code, and its words what to do about them. */
export function describeLoginEnd(end: LoginEnd): HostFailure {
  const { host, settings, words, stderr } = end;
  const code = codeOf(words === '' ? stderr : words) ?? (isCommandRefused(words) ? 'shell.unusable' : 'ssh.protocol');
  if (code === 'ssh.auth-refused') return authRefused(end);
  if (code === 'ssh.host-key-changed') return keyChanged(host, settings, words);
  const said = quoteWords(`${tellingWords(words)}\n${stderr}`);
  return new HostFailure({
    code,
    host,
    message: said === '' ? `ssh to ${where(settings)} ended without a word` : `ssh to ${where(settings)} says «${said}»`,
    hint: HINTS[code] ?? 'Check MaxSessions, ForceCommand and the login shell of the user on the host.',
  });
}

function authRefused({ host, settings, words, hasPassword }: LoginEnd): HostFailure {
  const [, methods = ''] = /Permission denied \(([^)]*)\)/u.exec(words) ?? [];
  const key = /^Load key "[^\n]*$|^[^\n]*no such identity: [^\n]*$/mu.exec(words)?.[0];
  return new HostFailure({
    code: 'ssh.auth-refused',
    host,
    message: `${where(settings)} let ssh in by none of ${methods === '' ? 'its methods' : quoteWords(methods)} as ${settings.user}${key === undefined ? '' : `; ${quoteWords(key)}`}`,
    hint: hasPassword
      ? 'Correct ansible_user and ansible_password.'
      : 'Set ansible_user, load a key with ssh-add, or look at the validity of the certificate (ssh-keygen -L).',
  });
}

function keyChanged(host: string, { hostName, port }: SshSettings, words: string): HostFailure {
  const [, file, line] = /^Offending [^\n]* key in ([^\n]*):(\d+)$/mu.exec(words) ?? [];
  const name = knownHostName(hostName, port);
  const where = file === undefined ? '' : `, and ${quoteWords(file)}:${line} has another`;
  const removal = quoteAll(['ssh-keygen', ...(file === undefined ? [] : ['-f', file]), '-R', name]);
  return new HostFailure({
    code: 'ssh.host-key-changed',
    host,
    message: `the host key of ${name} has changed, or somebody stands between${where}`,
    hint: `Find out why. If the host was reinstalled, remove the old key: ${removal}`,
  });
}

export function loginTimedOut({ host, settings, words, stderr }: Omit<LoginEnd, 'hasPassword'>): HostFailure {
  const said = quoteWords(`${tellingWords(words)}\n${stderr}`);
  return new HostFailure({
    code: 'ssh.timeout',
    host,
    message: `ssh to ${where(settings)} did not finish the login within ${settings.connectTimeoutMs / 1000} s${said === '' ? '' : `, saying «${said}»`}`,
    hint: 'Check the address, the port and the firewalls on the way; give it more time with --timeout.',
  });
}

/** @param why - what needs it, such as `ProxyCommand`; nothing where the user asked for it */
export function sshMissing(host: string, why: string | undefined): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `${why === undefined ? '--transport openssh' : why} takes the system’s own ssh, which is not installed here`,
    hint: 'Install the OpenSSH client on this machine (package openssh-client), or try without it: --transport ssh2.',
  });
}

function where({ hostName, port }: SshSettings): string {
  return `${hostName} port ${port}`;
}
