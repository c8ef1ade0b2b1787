import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/cli/render-diagnostics.ts';
import type { Diagnostic } from '../../../src/domain/diagnostic.ts';

function diagnostic(place?: Partial<NonNullable<Diagnostic['place']>>): Diagnostic {
  const whole = { file: 'a.yaml', line: 12, column: 5, excerpt: '    tll: 64', length: 3, ...place };
  const said = { code: 'inventory.unknown-key', severity: 'error', message: 'no field «tll»', hint: 'Did you mean «ttl»?' } as const;
  return place === undefined ? said : { ...said, place: whole };
}

describe('renderDiagnostics', () => {
  it('shows place, excerpt, caret and hint', () => {
    expect(renderDiagnostics([diagnostic({})], { colour: false })).toBe(
      'a.yaml:12:5: error inventory.unknown-key: no field «tll»\n  12 |     tll: 64\n     |     ^^^\n  hint: Did you mean «ttl»?\n',
    );
  });

  it('does without a place', () => {
    expect(renderDiagnostics([diagnostic()], { colour: false })).toBe('error inventory.unknown-key: no field «tll»\n  hint: Did you mean «ttl»?\n');
  });

  it('keeps the caret under its word in a very long line', () => {
    const excerpt = `${'x'.repeat(5000)}tll${'y'.repeat(5000)}`;
    const [, line = '', carets = ''] = renderDiagnostics([diagnostic({ column: 5001, excerpt })], { colour: false }).split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('tll');
  });

  it('writes nothing a terminal would act on', () => {
    const text = renderDiagnostics([{ ...diagnostic({ excerpt: '\u001b[31m\ttll', file: 'a\u0007.yaml' }), message: 'x\u009by\u202e' }], {
      colour: false,
    });
    expect(text.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('colours only when asked', () => {
    expect(renderDiagnostics([diagnostic({})], { colour: true })).toContain('\u001b[');
    expect(renderDiagnostics([diagnostic({})], { colour: false })).not.toContain('\u001b[');
  });

  it('separates problems by an empty line', () => {
    expect(renderDiagnostics([diagnostic(), diagnostic()], { colour: false })).toContain('\n\nerror');
    expect(renderDiagnostics([], { colour: false })).toBe('');
  });
});
