import type { HostKey } from '../../../../src/transport/ssh/host-key.ts';

/** A blob of the right form; its key part is only a name. */
export function hostKey(type: string, name: string): HostKey {
  return { type, blob: Buffer.concat([sshString(type), sshString(name.padEnd(32, '.'))]) };
}

function sshString(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
