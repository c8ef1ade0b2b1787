import type { Algorithms } from 'ssh2';
import { matchesPattern } from './known-hosts.ts';
import type { AlgorithmLists } from './ssh-settings.ts';

/** What is offered of one kind, and what ssh2 1.17.0 could do besides (lib/protocol/constants.js). */
interface Repertoire {
  readonly offered: readonly string[];
  readonly possible: readonly string[];
}

/** The defaults of OpenSSH 9.2 that ssh2 knows, in the order that costs the least: no SHA-1 for keys and key exchange. */
const KEX: Repertoire = {
  offered: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  possible: [
    'diffie-hellman-group15-sha512',
    'diffie-hellman-group17-sha512',
    'diffie-hellman-group-exchange-sha1',
    'diffie-hellman-group14-sha1',
    'diffie-hellman-group1-sha1',
  ],
};
const HOST_KEYS: Repertoire = {
  offered: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'],
  possible: ['ssh-rsa', 'ssh-dss'],
};
const CIPHERS: Repertoire = {
  offered: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'chacha20-poly1305@openssh.com'],
  possible: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
};
const MACS: Repertoire = {
  offered: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
  possible: ['hmac-sha1-96', 'hmac-md5'],
};

/**
 * What is offered to a host: the lists of ssh_config(5) cut down to what ssh2 can do.
 *
 * @param knownTypes - the host key types known for the host; they are asked for first, as OpenSSH does, so that a host known
 *   by its RSA key does not seem to have changed it to the ed25519 key that it also has
 * @throws Error - a list leaves nothing that ssh2 can do
 */
export function chooseAlgorithms(lists: AlgorithmLists, knownTypes: ReadonlySet<string>): Algorithms {
  const hostKeys = choose('HostKeyAlgorithms', HOST_KEYS, lists.hostKeys);
  const isKnown = (algorithm: string) => knownTypes.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm);
  const ordered = [...hostKeys.filter(isKnown), ...hostKeys.filter((algorithm) => !isKnown(algorithm))];
  return {
    kex: choose('KexAlgorithms', KEX, lists.kex),
    serverHostKey: ordered,
    cipher: choose('Ciphers', CIPHERS, lists.ciphers),
    hmac: choose('MACs', MACS, lists.macs),
  } as Algorithms;
}

/** `+` and `^` add to the defaults, `-` takes away, a plain list says all (ssh_config(5), Ciphers). The order stays the one that costs the least. */
function choose(option: string, { offered, possible }: Repertoire, list: readonly string[] | undefined): readonly string[] {
  const [first = ''] = list ?? [];
  const sign = /^[+^-]/u.exec(first)?.[0];
  const patterns = (list ?? []).map((pattern, index) => (index === 0 && sign !== undefined ? pattern.slice(1) : pattern));
  const isNamed = (algorithm: string) => patterns.some((pattern) => matchesPattern(pattern, algorithm));
  const chosen = list === undefined ? offered : combine(sign, { offered, possible }, isNamed);
  if (chosen.length === 0) throw new Error(`${option} leaves nothing that tunorch can do`);
  return chosen;
}

function combine(sign: string | undefined, { offered, possible }: Repertoire, isNamed: (algorithm: string) => boolean): readonly string[] {
  const extra = possible.filter(isNamed);
  switch (sign) {
    case '+':
    case '^':
      return [...offered, ...extra];
    case '-':
      return offered.filter((algorithm) => !isNamed(algorithm));
    default:
      return [...offered.filter(isNamed), ...extra];
  }
}
