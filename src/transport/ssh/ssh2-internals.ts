import type { Client, ClientChannel } from 'ssh2';

/**
 * The only place that reaches behind ssh2's public face. It was read in version 1.17.0, which package.json pins, and a
 * protocol test notices when it no longer takes effect. Without effect everything still works, at a cost of time.
 */

/**
 * Stops ssh2 from having OpenSSH prove all its other host keys after each login (hostkeys-00@openssh.com).
 *
 * tunorch learns no keys that way, and the proof costs both sides an RSA signature. ssh2 asks only a server whose
 * version is OpenSSH's (lib/client.js, hostKeysProve), so the version is forgotten once the handshake is over.
 */
export function keepHostKeysUnproved(client: Client): void {
  Reflect.set(client, '_remoteVer', '');
}

interface Protocol {
  exec: (recipient: number, command: string, wantReply: boolean) => void;
}

interface Channels {
  readonly _channels: Readonly<Record<number, ClientChannel & { readonly outgoing?: { readonly id: number } }>>;
}

/**
 * Has the next exec request of a client followed by its input at once, as OpenSSH's own client does.
 *
 * ssh2 gives a channel out only when the host has confirmed the command, which would cost the first script a round trip.
 *
 * @returns whether the input was sent that way
 */
export function sendWithNextExec(client: Client, input: string): () => boolean {
  const protocol: Protocol | undefined = Reflect.get(client, '_protocol');
  const manager: Channels | undefined = Reflect.get(client, '_chanMgr');
  const original = protocol?.exec;
  let isSent = false;
  if (protocol === undefined || original === undefined) return () => isSent;
  protocol.exec = (recipient, command, wantReply) => {
    protocol.exec = original;
    original.call(protocol, recipient, command, wantReply);
    const channel = Object.values(manager?._channels ?? {}).find((one) => one.outgoing?.id === recipient);
    if (channel === undefined) return;
    channel.write(input);
    isSent = true;
  };
  return () => isSent;
}
