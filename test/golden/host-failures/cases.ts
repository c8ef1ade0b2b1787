import { Secret } from '../../../src/domain/secret.ts';
import type { HostFailure, HostFailureCode } from '../../../src/errors/host-failure.ts';
import {
  becomeEnded,
  noBecomeProgram,
  noShellInTime,
  noTerminal,
  notRoot,
  passwordWrong,
  shellUnusable,
} from '../../../src/transport/entrance-failures.ts';
import { connectionLost, endedInMidPhase, interrupted, outOfStep, phaseTimedOut, tooMuchOutput } from '../../../src/transport/session-failures.ts';
import { describeConnectError, type Progress } from '../../../src/transport/ssh/connect-failures.ts';
import { needsOpenSsh } from '../../../src/transport/ssh/connections.ts';
import { keyChanged, keyNeedsCertificate, keyRevoked, keyUnknown, knownHostsUnreadable } from '../../../src/transport/ssh/host-key-failures.ts';
import type { KnownHostLine } from '../../../src/transport/ssh/known-hosts.ts';
import { resolveSettings } from '../../../src/transport/ssh/resolve-settings.ts';
import { hostKey } from '../../unit/transport/ssh/host-keys.ts';
import { settingsOf } from '../../unit/transport/ssh/settings.ts';

/** One failure as a user may see it. */
export interface FailureCase {
  readonly title: string;
  readonly failure: () => HostFailure | Promise<HostFailure>;
}

const settings = settingsOf({ hostName: '198.51.100.7' });
const early: Progress = { host: 'router-a', settings, hasHandshake: false, tried: [], notes: [] };
const late: Progress = { ...early, hasHandshake: true };
const shown = { host: 'router-a', name: '198.51.100.7', key: hostKey('ssh-ed25519', 'shown') };
const known: KnownHostLine = {
  file: '/home/ops/.ssh/known_hosts',
  line: 12,
  names: '198.51.100.7',
  keyType: 'ssh-ed25519',
  key: hostKey('ssh-ed25519', 'known').blob.toString('base64'),
};
const entering = (method: 'sudo' | 'doas' | 'su') => ({ host: 'router-a', become: { method, password: new Secret('s3cret') }, timeoutMs: 30_000 });
const withoutPassword = (method: 'sudo' | 'doas' | 'su') => ({ host: 'router-a', become: { method }, timeoutMs: 30_000 });
const plainEntering = { host: 'router-a', timeoutMs: 30_000 };

const ofSystem = (code: string, text = code) => Object.assign(new Error(text), { level: 'client-socket', code });
const ofSsh2 = (level: string | undefined, text: string) => Object.assign(new Error(text), level === undefined ? {} : { level });
const refused = (changes: Partial<Progress>) =>
  describeConnectError(ofSsh2('client-authentication', 'All configured authentication methods failed'), { ...late, ...changes });

async function resolving(name: string, value: string): Promise<HostFailure> {
  const environment = { homeDir: '/nonexistent', env: {}, controllerUser: 'ops', connectTimeoutMs: 10_000, systemDir: '/nonexistent' };
  return resolveSettings({ name: 'router-a', connection: { sshOptions: [{ name, value }] } }, environment).then(
    () => {
      throw new Error(`${name} ${value} is supported`);
    },
    (failure: HostFailure) => failure,
  );
}

/** By code, in the order of a connection's life. */
export const failureCases: Readonly<Partial<Record<HostFailureCode, readonly FailureCase[]>>> = {
  'ssh.unreachable': [
    { title: 'nobody listens', failure: () => describeConnectError(ofSystem('ECONNREFUSED'), early) },
    {
      title: 'the name is wrong',
      failure: () => describeConnectError(ofSystem('ENOTFOUND'), { ...early, settings: { ...settings, hostName: 'router-a.exmaple' } }),
    },
    { title: 'no route', failure: () => describeConnectError(ofSystem('EHOSTUNREACH'), early) },
    { title: 'reset after the first answer', failure: () => describeConnectError(ofSystem('ECONNRESET'), early) },
    { title: 'anything else', failure: () => describeConnectError(ofSystem('EADDRNOTAVAIL', 'connect EADDRNOTAVAIL 198.51.100.7:22'), early) },
  ],
  'ssh.timeout': [
    { title: 'no answer to TCP', failure: () => describeConnectError(ofSystem('ETIMEDOUT'), early) },
    { title: 'no SSH', failure: () => describeConnectError(ofSsh2('client-timeout', 'Timed out while waiting for handshake'), early) },
    { title: 'no end of the login', failure: () => describeConnectError(ofSsh2('client-timeout', 'Timed out while waiting for handshake'), late) },
  ],
  'ssh.protocol': [
    { title: 'hung up at once', failure: () => describeConnectError(ofSsh2('protocol', 'Connection lost before handshake'), early) },
    {
      title: 'something else than SSH',
      failure: () => describeConnectError(ofSsh2('protocol', 'Packet length 1213486160 exceeds max length of 262144'), early),
    },
  ],
  'ssh.unsupported': [
    {
      title: 'no algorithm in common',
      failure: () => describeConnectError(ofSsh2('handshake', 'Handshake failed: no matching host key format'), early),
    },
    {
      title: 'only a user certificate',
      failure: () =>
        refused({ tried: ['/home/ops/.ssh/id_ed25519'], settings: { ...settings, certificateFiles: ['/home/ops/.ssh/id_ed25519-cert.pub'] } }),
    },
    { title: 'only a host certificate', failure: () => keyNeedsCertificate(shown, known) },
    { title: 'a command as proxy', failure: () => needsOpenSsh('router-a', 'ProxyCommand') },
    { title: 'an option that nobody knows here', failure: () => resolving('NoSuchOption', '1') },
    { title: 'a port that is none', failure: () => resolving('Port', 'ssh') },
    { title: 'a path with an unknown token', failure: () => resolving('IdentityFile', '~/.ssh/%Z') },
  ],
  'ssh.host-key-unknown': [{ title: 'and nobody to ask', failure: () => keyUnknown(shown) }],
  'ssh.host-key-changed': [{ title: 'reinstalled, or intercepted', failure: () => keyChanged(shown, known) }],
  'ssh.host-key-revoked': [{ title: 'by a line of known_hosts', failure: () => keyRevoked(shown, known) }],
  'ssh.auth-refused': [
    { title: 'nothing to offer', failure: () => refused({}) },
    { title: 'the only key', failure: () => refused({ tried: ['/home/ops/.ssh/id_ed25519'] }) },
    {
      title: 'several keys, and a dead agent',
      failure: () => refused({ tried: ['/home/ops/.ssh/id_rsa', 'work (agent)'], notes: ['the agent at /run/agent does not answer'] }),
    },
    {
      title: 'a key that others may read',
      failure: () =>
        refused({ notes: ['/home/ops/.ssh/id_ed25519 was left out: its mode 0644 lets others read it (chmod 600 /home/ops/.ssh/id_ed25519)'] }),
    },
    { title: 'the password', failure: () => refused({ tried: ['password', 'keyboard-interactive'] }) },
    { title: 'key and password', failure: () => refused({ tried: ['/home/ops/.ssh/id_ed25519', 'password'] }) },
    {
      title: 'too many keys',
      failure: () => describeConnectError(ofSsh2(undefined, 'Too many authentication failures'), { ...late, tried: ['one (agent)', 'two (agent)'] }),
    },
  ],
  'ssh.key-unreadable': [
    { title: 'the key of the inventory', failure: () => refused({ keyProblem: 'the key /home/ops/.ssh/router is not there' }) },
    {
      title: 'an encrypted key',
      failure: () => refused({ tried: ['/k'], keyProblem: '/k is encrypted, and there is no terminal to ask for its passphrase' }),
    },
    {
      title: 'known_hosts',
      failure: () => knownHostsUnreadable('router-a', new Error("EACCES: permission denied, open '/home/ops/.ssh/known_hosts'")),
    },
  ],
  'ssh.connection-lost': [
    { title: 'without a word', failure: () => connectionLost('router-a') },
    { title: 'by keepalive', failure: () => endedInMidPhase('router-a', { reason: new Error('the host stopped answering') }, '') },
  ],
  'shell.unusable': [
    { title: 'no login shell', failure: () => shellUnusable('router-a', { code: 1 }, 'This account is currently not available.\n') },
    { title: 'no sh', failure: () => outOfStep('router-a', new Error('the end mark has no status')) },
  ],
  'shell.timeout': [
    { title: 'on the way in', failure: () => noShellInTime(plainEntering, false, '') },
    { title: 'of sudo', failure: () => noShellInTime(entering('sudo'), true, 'Verification code: ') },
    { title: 'of a phase', failure: () => phaseTimedOut('router-a', 60_000) },
  ],
  'shell.killed': [
    { title: 'by a signal', failure: () => endedInMidPhase('router-a', { signal: 'SIGKILL' }, '') },
    { title: 'by itself', failure: () => endedInMidPhase('router-a', { code: 2 }, '/bin/sh: 12: Syntax error: "(" unexpected\n') },
  ],
  'shell.too-much-output': [{ title: 'in a phase', failure: () => tooMuchOutput('router-a', 16 * 1024 * 1024) }],
  'become.refused': [
    { title: 'not asked for', failure: () => notRoot(plainEntering, '1000') },
    {
      title: 'by sudoers',
      failure: () =>
        becomeEnded(entering('sudo'), { code: 1 }, 'ops is not in the sudoers file.\nThis incident has been reported to the administrator.\n'),
    },
    { title: 'by a su that wants a terminal', failure: () => becomeEnded(entering('su'), { code: 1 }, 'su: must be run from a terminal\n') },
    { title: 'by doas.conf', failure: () => becomeEnded(entering('doas'), { code: 1 }, 'doas: Operation not permitted\n') },
    { title: 'to somebody who is not root', failure: () => notRoot(entering('sudo'), '1001') },
  ],
  'become.password-wrong': [
    { title: 'sudo asks again', failure: () => passwordWrong(entering('sudo')) },
    {
      title: 'doas ends',
      failure: () => becomeEnded(entering('doas'), { code: 1 }, 'doas (ops@router-a) password: \r\ndoas: Authentication failed\r\n'),
    },
    { title: 'su ends', failure: () => becomeEnded(entering('su'), { code: 1 }, 'Password: su: Authentication failure\n') },
  ],
  'become.password-missing': [
    { title: 'sudo 1.9', failure: () => becomeEnded(withoutPassword('sudo'), { code: 1 }, 'sudo: a password is required\n') },
    { title: 'sudo-rs', failure: () => becomeEnded(withoutPassword('sudo'), { code: 1 }, 'sudo: interactive authentication is required\n') },
    { title: 'doas', failure: () => becomeEnded(withoutPassword('doas'), { code: 1 }, 'doas: Authentication required\n') },
    { title: 'su', failure: () => becomeEnded(withoutPassword('su'), { code: 1 }, 'Password: su: Authentication failure\n') },
  ],
  'become.unavailable': [
    { title: 'not installed', failure: () => noBecomeProgram(entering('doas')) },
    { title: 'doas wants a terminal', failure: () => noTerminal(entering('doas')) },
    { title: 'sudo wants a terminal', failure: () => noTerminal(entering('sudo')) },
  ],
  'run.interrupted': [{ title: 'from this side', failure: () => interrupted('router-a') }],
};
