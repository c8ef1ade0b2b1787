import type { HostFailureCode } from '../../errors/host-failure.ts';

/**
 * What the words of ssh mean.
 *
 * The last resort: ssh ends with status 255 whatever the reason was (ssh(1), EXIT STATUS). Said under LC_ALL=C at LogLevel DEBUG1 by OpenSSH
 * 8.7 to 10; the first line of the table that fits counts. Its own words come apart from those of the host, by its option -E,
 * and each pattern begins where a line of ssh begins: what a host makes ssh repeat stands further on.
 */
const MEANINGS: readonly { readonly code: HostFailureCode; readonly words: RegExp }[] = [
  { code: 'ssh.host-key-revoked', words: /REVOKED HOST KEY DETECTED|^Host key .* revoked|^.* is marked as revoked/mu },
  { code: 'ssh.host-key-changed', words: /REMOTE HOST IDENTIFICATION HAS CHANGED/mu },
  { code: 'ssh.host-key-unknown', words: /^Host key verification failed|^No .* host key is known for /mu },
  {
    code: 'ssh.auth-refused',
    words: /^[^\n]*: Permission denied \([^)]*\)\.?$|^Received disconnect from [^\n]*: Too many authentication failures/mu,
  },
  {
    code: 'ssh.unsupported',
    words: /^Unable to negotiate with |^\S+:? line \d+: |: terminating, \d+ bad /mu,
  },
  {
    code: 'ssh.timeout',
    words: /^ssh: connect to host [^\n]*timed out$|^Connection timed out during banner exchange|^Connection to [^\n]* timed out$/mu,
  },
  { code: 'ssh.unreachable', words: /^ssh: Could not resolve hostname |^ssh: connect to host |^Connection closed by UNKNOWN port 65535/mu },
  { code: 'ssh.protocol', words: /^kex_exchange_identification: |^Connection (?:closed|reset) by |^banner exchange: |^ssh_dispatch_run_fatal: /mu },
];

export function codeOf(words: string): HostFailureCode | undefined {
  return MEANINGS.find((meaning) => meaning.words.test(words))?.code;
}

/** Whether the other side hung up before it said anything, as sshd does when too many logins are under way; a proxy's end is none. */
export function isDroppedBy(words: string): boolean {
  return (
    /^kex_exchange_identification: (?:read: Connection reset|Connection closed by remote host)/mu.test(words) && !/UNKNOWN port 65535/u.test(words)
  );
}

/** ssh ends with 255 when the program was killed and when the connection was lost; only its journal tells which (clientloop.c). */
export function programEnding(words: string): 'status' | 'signal' | undefined {
  const [, kind] = /^debug1: client_input_channel_req: channel \d+ rtype exit-(status|signal) /mu.exec(words) ?? [];
  return kind === 'status' || kind === 'signal' ? kind : undefined;
}

/** The host's key does not fit, and ssh goes on all the same: StrictHostKeyChecking no. */
export function isUnverified(words: string): boolean {
  return /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY DETECTED/u.test(words);
}

export function isCommandRefused(words: string): boolean {
  return /^(?:exec|shell) request failed on channel |^channel \d+: open failed: |^debug1: channel \d+: open failed: /mu.test(words);
}

/** What a person may want to read: not the journal, nor the frame of at-signs around a warning. */
export function tellingWords(words: string): string {
  const noise = /^(?:debug\d: |Authenticated to |Transferred: |Bytes per second: |Warning: Permanently added |@@@|@ )/u;
  return words
    .split('\n')
    .filter((line) => line.trim() !== '' && !noise.test(line))
    .join('\n');
}
