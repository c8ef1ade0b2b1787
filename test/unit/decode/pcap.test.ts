import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../../src/decode/pcap.ts';
import { captureFile } from '../../support/builders-packets.ts';

const FRAMES = [
  { atMicros: 1_700_000_000_000_001, bytes: Uint8Array.of(1, 2, 3) },
  { atMicros: 1_700_000_000_999_999, bytes: Uint8Array.of(4), sentBytes: 1500 },
];

/** The same file as a machine of the other byte order writes it. */
function turned(file: Uint8Array): Uint8Array {
  const view = new DataView(Uint8Array.from(file).buffer);
  const turn = (at: number) => view.setUint32(at, view.getUint32(at, true));
  for (const at of [0, 8, 12, 16, 20, 24, 28, 32, 36]) turn(at);
  return new Uint8Array(view.buffer);
}

describe('a capture file', () => {
  it('has its frames, with the time to the microsecond and how long each was', () => {
    const file = captureFile(1, FRAMES);
    expect(readCapture(file)).toEqual({
      linkType: 1,
      wholeBytes: file.length,
      frames: FRAMES.map((frame) => ({ sentBytes: frame.bytes.length, ...frame })),
    });
  });

  it('is read in either byte order, and with nanoseconds', () => {
    const [frame] = FRAMES;
    const file = captureFile(276, frame === undefined ? [] : [frame]);
    expect(readCapture(turned(file))).toEqual(readCapture(file));
    file.set([0xa1, 0xb2, 0x3c, 0x4d]);
    expect(readCapture(file).frames[0]?.atMicros).toBe(1_700_000_000_000_000);
  });

  it('that is still being written ends with its last whole frame', () => {
    const file = captureFile(1, FRAMES);
    for (let kept = 24; kept < file.length; kept += 1) {
      const { frames, wholeBytes } = readCapture(file.subarray(0, kept));
      expect({ frames: frames.length, wholeBytes }).toEqual(kept < 24 + 19 ? { frames: 0, wholeBytes: 24 } : { frames: 1, wholeBytes: 43 });
    }
  });

  it('that claims frames larger than any ends there', () => {
    const file = captureFile(1, FRAMES);
    new DataView(file.buffer).setUint32(32, 0xffffffff);
    expect(readCapture(file)).toMatchObject({ frames: [], wholeBytes: 24 });
  });

  it('is refused where it is none', () => {
    expect(() => readCapture(new Uint8Array(23))).toThrow('header of 24 bytes');
    expect(() => readCapture(new Uint8Array(100))).toThrow('no capture file');
  });

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const file = Uint8Array.from([...captureFile(1, []), ...bytes]);
        expect(readCapture(file).wholeBytes).toBeLessThanOrEqual(file.length);
      }),
    );
  });
});
