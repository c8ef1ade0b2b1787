import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/**
 * The only place that reaches behind ssh2's public face, as it is in version 1.17.0, which package.json pins.
 * Where something of it has no effect everything still works, at a cost of time.
 */
const SERVER_VERSION = '_remoteVer';

/**
 * Stops ssh2 from having OpenSSH prove all its other host keys after each login (hostkeys-00@openssh.com).
 *
 * tunorch learns no keys that way, and the proof costs both sides an RSA signature. ssh2 asks only a server whose
 * version is OpenSSH's (lib/client.js, hostKeysProve), so the version is hidden once the handshake is over.
 *
 * @returns what brings the version back
 */
export function keepHostKeysUnproved(client: Client): () => void {
  const version: unknown = Reflect.get(client, SERVER_VERSION);
  Reflect.set(client, SERVER_VERSION, '');
  return () => void Reflect.set(client, SERVER_VERSION, version);
}

/**
 * Answers the first packet that comes after a channel was asked for, and promises OpenSSH that no other session will follow.
 *
 * Until a session runs, sshd leaves Nagle's algorithm on: its confirmation of the channel waits until we have acknowledged
 * the list of host keys before it, which without anything to say takes 40 ms (RFC 1122 §4.2.3.2). OpenSSH's own client makes
 * the same promise (PROTOCOL §2.2, no-more-sessions@openssh.com). Other servers are left alone.
 *
 * @returns what is to be called right after a channel was asked for
 */
export function answerFirstPacket(client: Client, stream: Duplex, showVersion: () => void): () => void {
  let isAnswered = false;
  return () => {
    if (isAnswered) return;
    isAnswered = true;
    stream.once('data', () => {
      showVersion();
      try {
        client.openssh_noMoreSessions(() => undefined);
      } catch {
        // Not OpenSSH: ssh2 refuses to send its extensions.
      }
    });
  };
}

/** What ssh2 speaks the protocol with, as far as it is reached into here. */
interface Protocol {
  authPK(user: string, key: unknown, algorithm?: unknown, sign?: unknown): void;
  readonly _handlers: { readonly USERAUTH_PK_OK: (protocol: Protocol) => void };
}

/**
 * Sends the signature of an open key at once, as RFC 4252 section 7 allows, and saves the round trip of asking whether the host
 * would take the key.
 *
 * ssh2 always asks first; it is told the answer that lets it sign before the question has left. A host that does not take the key
 * refuses the signature as it would have refused the question.
 *
 * @param isOpen - whether that may be done with the key which is being tried
 */
export function signUnasked(client: Client, isOpen: () => boolean): void {
  const protocol = Reflect.get(client, '_protocol') as Partial<Protocol> | undefined;
  const [ask, accepted] = [protocol?.authPK, protocol?._handlers?.USERAUTH_PK_OK];
  if (protocol === undefined || ask === undefined || accepted === undefined) return;
  protocol.authPK = function (this: Protocol, ...words) {
    const [, , , sign] = words;
    if (sign === undefined && isOpen()) accepted(this);
    else ask.apply(this, words);
  };
}
