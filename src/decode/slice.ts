/** The bytes of a packet from one place on. Reading past their end throws a RangeError. */
export interface Slice {
  readonly view: DataView;
  /** How many there were on the wire: more than the view has where a capture kept only the beginning. */
  readonly sentBytes: number;
  /** The rest is in other packets. */
  readonly isFragment: boolean;
}

export function sliceOf(bytes: Uint8Array, sentBytes = bytes.byteLength): Slice {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), sentBytes, isFragment: false };
}

/**
 * What follows a header; with a length, what is behind that (padding of Ethernet) is left out.
 *
 * @throws RangeError - the header itself is not all there
 */
export function after(slice: Slice, offset: number, lengthBytes = slice.sentBytes - offset): Slice {
  const { view, isFragment } = slice;
  const sentBytes = Math.max(0, lengthBytes);
  const kept = Math.min(view.byteLength - offset, sentBytes);
  return { view: new DataView(view.buffer, view.byteOffset + offset, kept), sentBytes, isFragment };
}

/** Whether nothing of it is missing. */
export function isWhole({ view, sentBytes, isFragment }: Slice): boolean {
  return !isFragment && view.byteLength >= sentBytes;
}

/** The sum of RFC 1071 over bytes that hold their own checksum is right when it is all ones. */
export function isSumRight({ view }: Slice): boolean {
  let sum = 0;
  for (let at = 0; at + 1 < view.byteLength; at += 2) sum += view.getUint16(at);
  if (view.byteLength % 2 === 1) sum += view.getUint8(view.byteLength - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum === 0xffff;
}
