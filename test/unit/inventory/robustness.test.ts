import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/cli/render-diagnostics.ts';
import { codes } from '../../../src/inventory/codes.ts';
import { readText } from './read-text.ts';

const folder = join(import.meta.dirname, '../../../inventory');
const examples = readdirSync(folder).flatMap((name) => (/^[^.]+\.yaml$/.test(name) ? [readFileSync(join(folder, name), 'utf8')] : []));

/** What people and editors leave behind in a file. */
const slip = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  ':',
  '- ',
  '{',
  ']',
  '"',
  '*a',
  '&a',
  '!env ',
  '<<: ',
  '{{ x }}',
  '~',
  '010',
  '[1:3]',
  '::1',
  '/',
  '\u0000',
  '\u{1F600}',
);

const damaged = fc
  .record({
    text: fc.constantFrom(...examples),
    edits: fc.array(fc.record({ at: fc.nat(3000), cut: fc.nat(40), put: slip }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ text, edits }) => edits.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), text));

describe('a damaged inventory', () => {
  it('is read without a crash, and each problem has a known code and a place that exists', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { desired, diagnostics } = readText(text);
        const lines = text.split('\n');
        for (const { code, place } of diagnostics) {
          expect(codes).toContain(code);
          expect(place === undefined || (lines[place.line - 1] ?? '').length + 1 >= place.column).toBe(true);
        }
        expect(desired === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        renderDiagnostics(diagnostics, { colour: false });
      }),
      { numRuns: 300 },
    );
  });

  it('is read without a crash whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('tunnels', 'all', '_meta'), (json, key) => readText(`{"${key}": ${json}}`).diagnostics.length >= 0),
    );
  });
});
