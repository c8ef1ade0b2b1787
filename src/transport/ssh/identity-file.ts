import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';

/** A private key of this machine, whose secret half may still be locked. */
export interface Identity {
  readonly path: string;
  readonly publicKey: ParsedKey;
  /** The private half when the file is not encrypted; otherwise it takes a passphrase. */
  readonly privateKey?: ParsedKey;
  /** @returns the private half, or undefined when the passphrase does not fit */
  unlock(passphrase: string): ParsedKey | undefined;
}

/** What became of one identity file. */
export type IdentityReading =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** Only its public half is here: useful when an agent has the other. */
  | { readonly kind: 'public-only'; readonly publicKey: ParsedKey }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads an identity file as OpenSSH does: not when others could read it too, and its public half without the passphrase. */
export async function readIdentity(path: string): Promise<IdentityReading> {
  const publicKey = await readPublicHalf(`${path}.pub`);
  const file = await readPrivate(path);
  if (file.kind === 'absent') return publicKey === undefined ? file : { kind: 'public-only', publicKey };
  if (file.kind === 'unusable') return file;
  const parsed = parse(file.bytes);
  if (parsed !== undefined) {
    return parsed.isPrivateKey() ? found(path, file.bytes, { publicKey: parsed, privateKey: parsed }) : { kind: 'public-only', publicKey: parsed };
  }
  const embedded = publicBlobOf(file.bytes.toString('latin1'));
  const half = (embedded === undefined ? undefined : parse(embedded)) ?? publicKey;
  if (half === undefined) return { kind: 'unusable', reason: describeUnreadable(file.bytes) };
  return found(path, file.bytes, { publicKey: half });
}

type PrivateFile =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string };

async function readPrivate(path: string): Promise<PrivateFile> {
  try {
    const { uid, mode } = await stat(path);
    if (uid === process.getuid?.() && (mode & 0o077) !== 0 && !path.endsWith('.pub')) {
      return { kind: 'unusable', reason: `its mode ${(mode & 0o777).toString(8).padStart(4, '0')} lets others read it (chmod 600 ${path})` };
    }
    return { kind: 'bytes', bytes: await readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { kind: 'absent' }
      : { kind: 'unusable', reason: `it cannot be read: ${code === '' ? String(error) : code}` };
  }
}

async function readPublicHalf(path: string): Promise<ParsedKey | undefined> {
  try {
    return parse(await readFile(path));
  } catch {
    return undefined;
  }
}

function found(path: string, bytes: Buffer, halves: { readonly publicKey: ParsedKey; readonly privateKey?: ParsedKey }): IdentityReading {
  return { kind: 'identity', identity: { path, ...halves, unlock: (passphrase) => parse(bytes, passphrase) } };
}

function parse(bytes: Buffer, passphrase?: string): ParsedKey | undefined {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(bytes, passphrase);
  if (parsed instanceof Error) return undefined;
  return Array.isArray(parsed) ? parsed[0] : parsed;
}

/** An `openssh-key-v1` file carries its public half in clear: PROTOCOL.key of OpenSSH. */
function publicBlobOf(text: string): Buffer | undefined {
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/u.exec(text) ?? [];
  const bytes = Buffer.from(body ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  let at = magic.length;
  for (let strings = 0; strings < 3; strings++) at += 4 + readLength(bytes, at);
  at += 4;
  const length = readLength(bytes, at);
  return length === 0 || at + 4 + length > bytes.length ? undefined : bytes.subarray(at + 4, at + 4 + length);
}

function readLength(bytes: Buffer, at: number): number {
  return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0;
}

function describeUnreadable(bytes: Buffer): string {
  return /ENCRYPTED/u.test(bytes.toString('latin1'))
    ? 'it is encrypted in an old format and has no .pub file beside it'
    : 'it is no private key that tunorch can read';
}
