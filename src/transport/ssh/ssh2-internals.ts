import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/**
 * The only place that reaches behind ssh2's public face: one property, read in version 1.17.0, which package.json pins.
 * Where it has no effect everything still works, at a cost of time.
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
