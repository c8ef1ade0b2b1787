import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MarkedOutput, type MarkedText } from '../../../src/transport/marked-output.ts';
import { newPhaseMarks } from '../../../src/transport/phase-frame.ts';

function feed(output: MarkedOutput, bytes: Buffer, sizes: readonly number[]): MarkedText | undefined {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] ?? 1);
    const text = output.push(bytes.subarray(at, at + size));
    if (text !== undefined) return text;
    at += size;
  }
  return undefined;
}

describe('the text between two marks', () => {
  test('is exactly what was written, in whatever pieces it comes', () => {
    const bytes = fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array));
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bytes, bytes, sizes, (noise, body, pieces) => {
        const marks = newPhaseMarks();
        const stream = Buffer.concat([noise, Buffer.from(`${marks.begin}\n`), body, Buffer.from(`${marks.end} 7\n`), noise]);
        const text = feed(new MarkedOutput(marks), stream, pieces);
        expect(text?.tail).toBe('7');
        expect(text?.body.equals(body)).toBe(true);
      }),
    );
  });

  test('may contain half a mark, and the marks of another phase', () => {
    const marks = newPhaseMarks();
    const body = `${marks.end.slice(0, 31)}\n${newPhaseMarks().end} 0\n${marks.begin}`;
    const text = feed(new MarkedOutput(marks), Buffer.from(`${marks.begin}\n${body}${marks.end} 0\n`), [1]);
    expect(text?.body.toString()).toBe(body);
  });

  test('is not complete before the line of the end mark is', () => {
    const marks = newPhaseMarks();
    const output = new MarkedOutput(marks);
    expect(output.push(Buffer.from(`${marks.begin}\nx${marks.end} 1`))).toBeUndefined();
    expect(output.push(Buffer.from('27\n'))?.tail).toBe('127');
  });

  test('ends in an error when more than a status follows the end mark', () => {
    const marks = newPhaseMarks();
    expect(() => new MarkedOutput(marks).push(Buffer.from(`${marks.begin}\n${marks.end} 12345`))).toThrow('something else');
  });
});

test('a megabyte in pieces of one byte takes no more memory than the bytes', () => {
  const marks = newPhaseMarks();
  const output = new MarkedOutput(marks);
  output.push(Buffer.from(`${marks.begin}\n`));
  const piece = Buffer.from('x');
  for (let bytes = 0; bytes < 1024 * 1024; bytes++) output.push(piece);
  expect(output.soFar).toHaveLength(1024 * 1024);
});
