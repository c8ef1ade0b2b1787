import type { Mode, Weighed } from './mode.ts';
import { ipHeaderBytes, mostMtuBytes } from './sizes.ts';

/** What ESP adds around what it wraps (RFC 4303 section 2), bytes. */
export interface EspSizes {
  /** Header, initialization vector and checksum. */
  readonly fixedBytes: number;
  /** What is wrapped fills whole blocks, its trailer of two bytes included. */
  readonly blockBytes: number;
}

const TRAILER_BYTES = 2;

/** AES-GCM as tunorch uses it: header, 8 bytes of initialization vector, 16 of checksum (RFC 4106 section 4). */
export const GCM_SIZES: EspSizes = { fixedBytes: 8 + 8 + 16, blockBytes: 4 };

/** The most bytes that ESP can wrap where `roomBytes` is left for it after the outer header. */
export function mostWrappedBytes(roomBytes: number, { fixedBytes, blockBytes }: EspSizes): number {
  return Math.floor((roomBytes - fixedBytes) / blockBytes) * blockBytes - TRAILER_BYTES;
}

/** Counts ESP in transport mode into what a mode says of its sizes; modes that are IPsec's own devices do so themselves. */
export function underEsp(mode: Mode): Mode {
  return mode.protocols({}).length === 0
    ? mode
    : {
        ...mode,
        overheadBytes: (endpoint, roomBytes) => {
          const left = roomLeft(endpoint, roomBytes);
          return roomBytes - left + mode.overheadBytes(endpoint, left);
        },
        mostMtu: (endpoint) => mode.mostMtu(endpoint) - mostMtuBytes(0) + roomLeft(endpoint, mostMtuBytes(0)),
      };
}

/** Of `roomBytes`, what a packet with its outer header may have before ESP wraps what follows that header. */
function roomLeft({ ipsec, remote }: Weighed, roomBytes: number): number {
  const headerBytes = ipHeaderBytes(remote);
  return ipsec === true ? headerBytes + mostWrappedBytes(roomBytes - headerBytes, GCM_SIZES) : roomBytes;
}
