import type { Frame } from './decode.ts';

/** A frame and when the host saw it. */
export interface CapturedFrame extends Frame {
  /** Microseconds since the epoch by the host's clock. */
  readonly atMicros: number;
}

/** A capture file. */
export interface Capture {
  readonly linkType: number;
  readonly frames: readonly CapturedFrame[];
  /** Bytes of the file up to the last whole frame: what is behind was being written. */
  readonly wholeBytes: number;
}

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER_BYTES = 24;
const FRAME_HEADER_BYTES = 16;
/** MAXIMUM_SNAPLEN of libpcap. */
const MOST_FRAME_BYTES = 262_144;

/**
 * Reads a file in libpcap's own format, of either byte order (pcap-savefile(5)).
 *
 * A frame that is not all there, and everything behind one that claims more than libpcap writes, is left out.
 *
 * @throws Error - it is no such file
 */
export function readCapture(bytes: Uint8Array): Capture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < FILE_HEADER_BYTES) throw new Error('a capture file has a header of 24 bytes');
  const isLittle = [MICROSECONDS, NANOSECONDS].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, isLittle);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) throw new Error('it is no capture file of libpcap’s');
  const frames: CapturedFrame[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + FRAME_HEADER_BYTES <= bytes.byteLength) {
    const kept = view.getUint32(at + 8, isLittle);
    const end = at + FRAME_HEADER_BYTES + kept;
    if (kept > MOST_FRAME_BYTES || end > bytes.byteLength) break;
    const fraction = view.getUint32(at + 4, isLittle);
    frames.push({
      atMicros: view.getUint32(at, isLittle) * 1_000_000 + (magic === NANOSECONDS ? Math.floor(fraction / 1000) : fraction),
      bytes: bytes.subarray(at + FRAME_HEADER_BYTES, end),
      sentBytes: Math.max(kept, view.getUint32(at + 12, isLittle)),
    });
    at = end;
  }
  return { linkType: view.getUint32(20, isLittle) & 0xffff, frames, wholeBytes: at };
}
