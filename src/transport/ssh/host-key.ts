import { createHash } from 'node:crypto';

/** A host's public key as it came over the wire: RFC 4253 §6.6. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** The first string of a key blob is its type. @throws Error - the blob is none */
export function readHostKey(blob: Buffer): HostKey {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  if (length === 0 || length > 64 || blob.length < 4 + length) throw new Error('malformed host key');
  const type = blob.subarray(4, 4 + length).toString('latin1');
  if (!/^[a-z0-9@.-]+$/u.test(type)) throw new Error('malformed host key type');
  return { type, blob };
}

/** `SHA256:…` without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['ssh-ed25519', 'ED25519'],
  ['ssh-rsa', 'RSA'],
  ['ssh-dss', 'DSA'],
]);

/** What OpenSSH calls a key type in its messages: ED25519, RSA, ECDSA. */
export function keyTypeName(type: string): string {
  return TYPE_NAMES.get(type) ?? (type.startsWith('ecdsa-') ? 'ECDSA' : type);
}
