import type { HostKey } from './host-key.ts';
import { type KnownHostLine, knownHostName, matchesName } from './known-hosts.ts';

/** Where a host's key is looked up. */
export interface HostName {
  readonly host: string;
  readonly port: number;
  /** HostKeyAlias: used as it is, without the port. */
  readonly alias?: string;
}

/** What the known_hosts files say about the key that a host showed. */
export type KeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Other keys are known for this name, and this is none of them: of whatever type, as OpenSSH judges. */
  | { readonly kind: 'changed'; readonly known: KnownHostLine }
  | { readonly kind: 'revoked'; readonly known: KnownHostLine }
  /** The name is only known by an authority that signs host keys. */
  | { readonly kind: 'needs-certificate'; readonly known: KnownHostLine };

/** The name under which a new key is written. */
export function nameToWrite({ host, port, alias }: HostName): string {
  return alias === undefined ? knownHostName(host, port) : alias.toLowerCase();
}

/**
 * Judges a host key as OpenSSH does (sshconnect.c, check_host_key): revoked before known, and a host on another port
 * than 22 is also known by a line without port that has exactly this key.
 */
export function judgeKey(lines: readonly KnownHostLine[], name: HostName, key: HostKey): KeyVerdict {
  const own = lines.filter((line) => matchesName(line, nameToWrite(name)));
  const withoutPort = name.alias === undefined && name.port !== 22 ? lines.filter((line) => matchesName(line, knownHostName(name.host, 22))) : [];
  const encoded = key.blob.toString('base64');
  const isSame = (line: KnownHostLine) => line.key === encoded;
  const revoked = [...own, ...withoutPort].find((line) => line.marker === 'revoked' && isSame(line));
  if (revoked !== undefined) return { kind: 'revoked', known: revoked };
  const plain = own.filter((line) => line.marker === undefined);
  if (plain.some(isSame)) return { kind: 'known' };
  if (plain[0] !== undefined) return { kind: 'changed', known: plain.find((line) => line.keyType === key.type) ?? plain[0] };
  if (withoutPort.some((line) => line.marker === undefined && isSame(line))) return { kind: 'known' };
  const authority = own.find((line) => line.marker === 'cert-authority');
  return authority === undefined ? { kind: 'unknown' } : { kind: 'needs-certificate', known: authority };
}

/** The authority that vouches for a host, if one does. */
export function authorityFor(lines: readonly KnownHostLine[], name: HostName): KnownHostLine | undefined {
  const names = name.alias === undefined ? [nameToWrite(name), knownHostName(name.host, 22)] : [nameToWrite(name)];
  return lines.find((line) => line.marker === 'cert-authority' && names.some((one) => matchesName(line, one)));
}

/** The key types known for a host: the host is asked for one of these first, so that it does not seem to have changed its key. */
export function knownKeyTypes(lines: readonly KnownHostLine[], name: HostName): ReadonlySet<string> {
  const names = name.alias === undefined ? [nameToWrite(name), knownHostName(name.host, 22)] : [nameToWrite(name)];
  for (const one of names) {
    const types = lines.filter((line) => line.marker === undefined && matchesName(line, one)).map((line) => line.keyType);
    if (types.length > 0) return new Set(types);
  }
  return new Set();
}
