import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { quoteAll } from '../../shell/quote.ts';
import { fingerprint, type HostKey, keyTypeName } from './host-key.ts';
import type { KnownHostLine } from './known-hosts.ts';

/** A host key that was refused: whose, and under which name it was looked up. */
export interface RefusedKey {
  readonly host: string;
  readonly name: string;
  readonly key: HostKey;
}

export function keyUnknown({ host, name, key }: RefusedKey): HostFailure {
  return new HostFailure({
    code: 'ssh.host-key-unknown',
    host,
    message: `the host key of ${name} is not known: ${describeKey(key)}`,
    hint: "Compare the fingerprint with the host's own (ssh-keygen -l -f /etc/ssh/ssh_host_*_key.pub), then log in once with ssh, or set StrictHostKeyChecking accept-new.",
  });
}

export function keyChanged({ host, name, key }: RefusedKey, known: KnownHostLine): HostFailure {
  return new HostFailure({
    code: 'ssh.host-key-changed',
    host,
    message: `the host key of ${name} has changed, or somebody stands between: it shows ${describeKey(key)}, but ${place(known)} has ${describeKnown(known)}`,
    hint: `Find out why. If the host was reinstalled, remove the old key: ${quoteAll(['ssh-keygen', '-f', known.file, '-R', name])}`,
  });
}

export function keyRevoked({ host, name, key }: RefusedKey, known: KnownHostLine): HostFailure {
  return new HostFailure({
    code: 'ssh.host-key-revoked',
    host,
    message: `${name} shows a host key that ${place(known)} revokes: ${describeKey(key)}`,
    hint: 'Do not connect: whoever answers holds a key that is known to be stolen or retired.',
  });
}

export function keyNeedsCertificate({ host, name, key }: RefusedKey, known: KnownHostLine): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `${place(known)} knows ${name} by a @cert-authority, and ssh2 knows no host certificates: it shows ${describeKey(key)}`,
    hint: 'Leave out --transport ssh2, or add the plain host key of the host to known_hosts as well.',
  });
}

/** A key that the file revokes, or knows as another one, would go unseen. */
export function knownHostsUnreadable(host: string, cause: unknown): HostFailure {
  return new HostFailure({
    code: 'ssh.key-unreadable',
    host,
    message: `known_hosts cannot be read: ${quoteWords(cause instanceof Error ? cause.message : String(cause))}`,
    hint: 'Make the file readable, or name another one by UserKnownHostsFile.',
    cause,
  });
}

function describeKey(key: HostKey): string {
  return `${keyTypeName(key.type)} ${fingerprint(key.blob)}`;
}

function describeKnown(known: KnownHostLine): string {
  return `${keyTypeName(known.keyType)} ${fingerprint(Buffer.from(known.key, 'base64'))}`;
}

function place(known: KnownHostLine): string {
  return `${known.file}:${known.line}`;
}
