import type { IpAddress, Prefix } from './address.ts';
import type { Secret } from './secret.ts';

/** What of a packet ESP wraps (RFC 4303 section 3.1.1): what follows the outer header, or all of it. */
export type EspMode = 'transport' | 'tunnel';

/** Who encrypts for whom, and under which number the kernel ties policies to keys (ip-xfrm(8), reqid). */
export interface EspPath {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly reqid: number;
  readonly mode: EspMode;
}

/** One direction of what two hosts encrypt (RFC 4301 section 4.1), as a kernel tells it: without its key. */
export interface SecurityAssociation extends EspPath {
  /** With the destination, its name in the kernel (RFC 4301 section 4.1). */
  readonly spi: number;
}

/** What must be encrypted when it leaves, or have been when it comes. */
export interface IpsecPolicy {
  readonly direction: 'in' | 'out' | 'fwd';
  readonly from: Prefix;
  readonly to: Prefix;
  /** IP protocol number; left out: any. */
  readonly protocol?: number;
  /** UDP port it is sent to. */
  readonly port?: number;
  /** Mark of the packets, which a vti gives to its own; left out: any. */
  readonly mark?: number;
  /** The lower one is asked first. */
  readonly priority: number;
  /** Left out: nothing tunorch would have written. */
  readonly path?: EspPath;
}

/** What is drawn by chance for a tunnel before it is planned, so that planning itself leaves nothing to chance. */
export interface DrawnKeys {
  /** Of each direction, in the order of the endpoints that send; `0x` and hexadecimal digits. */
  readonly keys: readonly [Secret, Secret];
  /** More than are needed, since a host may have some already. */
  readonly spis: readonly number[];
}

/** The cipher of all associations (RFC 4106), its checksum in bits, and how far packets may overtake each other. */
export const AEAD = 'rfc4106(gcm(aes))';
export const ICV_BITS = 128;
export const REPLAY_WINDOW = 128;
/** AES-256 and the 4 bytes of salt that RFC 4106 section 8.1 takes with it. */
export const KEY_BYTES = 32 + 4;

/** Of every policy tunorch makes: asked before those of an IKE daemon, whose priorities are large numbers. */
export const POLICY_PRIORITY = 205;

/** Below are the numbers that people and daemons count up from 1. */
const FIRST_OWN_REQID = 0x8000_0000;

/**
 * The reqid of a tunnel's associations and policies: how a later run knows them again, whatever became of its link.
 *
 * FNV-1a over its name, 31 bits of it: two tunnels of one host meet by chance once in two thousand million.
 */
export function reqidOf(tunnel: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(tunnel)) hash = Math.imul(hash ^ byte, 0x0100_0193) >>> 0;
  return FIRST_OWN_REQID + (hash % FIRST_OWN_REQID);
}

/** The same objects have the same text, so that they can be compared. */
export function associationText({ source, destination, spi, reqid, mode }: SecurityAssociation): string {
  return `${source} ${destination} spi ${spi} reqid ${reqid} ${mode}`;
}

/** What makes two policies exclude each other in the kernel (net/xfrm/xfrm_policy.c, xfrm_policy_insert()). */
export function policySlot({ direction, from, to, protocol, port, mark }: IpsecPolicy): string {
  return `${direction} ${from} ${to} ${protocol ?? 'any'} ${port ?? 'any'} ${mark ?? 'any'}`;
}

export function policyText(policy: IpsecPolicy): string {
  const { path, priority } = policy;
  const way = path === undefined ? 'other' : `${path.source} ${path.destination} reqid ${path.reqid} ${path.mode}`;
  return `${policySlot(policy)} priority ${priority} by ${way}`;
}
