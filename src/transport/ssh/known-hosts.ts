import { createHmac, randomBytes } from 'node:crypto';

/** One line of a known_hosts file: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHostLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly marker?: 'revoked' | 'cert-authority';
  /** The first field: comma-separated patterns, or one hashed name. */
  readonly names: string;
  readonly keyType: string;
  /** Base64 as it stands in the file, which has one form only for one key. */
  readonly key: string;
}

/** Reads a known_hosts file. Lines that are none are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const parsed = parseLine(raw);
    return parsed === undefined ? [] : [{ file, line: index + 1, ...parsed }];
  });
}

function parseLine(raw: string): Omit<KnownHostLine, 'file' | 'line'> | undefined {
  const words = raw.trim().split(/[ \t]+/u);
  if (words[0]?.startsWith('#') === true) return undefined;
  const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
  const [names, keyType, key] = words;
  if (names === undefined || keyType === undefined || key === undefined) return undefined;
  if (marker === undefined) return { names, keyType, key };
  if (marker === '@revoked') return { marker: 'revoked', names, keyType, key };
  return marker === '@cert-authority' ? { marker: 'cert-authority', names, keyType, key } : undefined;
}

/** The name under which a host's key is kept: in lower case, in brackets with its port unless that is 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether a line is about a host: hashed names, `*` and `?`, and `!`, which excludes a host from a line that would match. */
export function matchesName(line: KnownHostLine, name: string): boolean {
  if (line.names.startsWith('|')) return matchesHash(line.names, name);
  const patterns = line.names.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, name));
}

/** `*` is any text, `?` any one character: ssh_config(5), PATTERNS. Linear in both lengths times each other, whatever the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let patternAt = 0;
  while (at < text.length) {
    const wanted = pattern[patternAt];
    if (wanted === '*') {
      star = patternAt++;
      resume = at;
    } else if (wanted === '?' || wanted === text[at]) {
      patternAt++;
      at++;
    } else if (star >= 0) {
      patternAt = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return /^\**$/u.test(pattern.slice(patternAt));
}

/** `|1|salt|HMAC-SHA1(salt, name)`, both in base64: ssh-keygen(1), option -H. */
function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|');
  return version === '1' && salt !== undefined && hash === hmac(Buffer.from(salt, 'base64'), name);
}

function hmac(salt: Buffer, name: string): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}

/** A line for a key that was accepted. */
export function formatKnownHost(name: string, keyType: string, entry: { readonly key: Buffer; readonly isHashed: boolean }): string {
  const salt = randomBytes(20);
  const names = entry.isHashed ? `|1|${salt.toString('base64')}|${hmac(salt, name)}` : name;
  return `${names} ${keyType} ${entry.key.toString('base64')}`;
}
