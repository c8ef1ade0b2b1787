import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../../src/domain/diagnostic.ts';
import { plainOf } from '../../../../src/inventory/tree.ts';
import { parseYaml } from '../../../../src/inventory/yaml/parse-yaml.ts';

function parse(text: string) {
  const diagnostics: Diagnostic[] = [];
  const tree = parseYaml({ path: 'inventory.yaml', text }, (diagnostic) => diagnostics.push(diagnostic));
  return { plain: tree === undefined ? undefined : JSON.parse(JSON.stringify(plainOf(tree))), messages: diagnostics.map(({ message }) => message) };
}

describe('parseYaml', () => {
  it('expands aliases and merge keys; keys of the mapping itself win', () => {
    const { plain, messages } = parse('base: &base { a: 1, b: 1 }\nmore: &more { b: 2, c: 2 }\nboth: { b: 3, <<: [*base, *more] }\nsame: *base\n');
    expect(messages).toEqual([]);
    expect(plain).toMatchObject({ both: { a: 1, b: 3, c: 2 }, same: { a: 1, b: 1 } });
  });

  it('does not fall for an alias inside its own value', () => {
    expect(parse('a: &a { b: *a }\n').messages).toEqual(['the alias «*a» is inside the value it stands for']);
  });

  it('does not expand a few lines into billions of values', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect(parse(lines.join('\n')).messages).toEqual(['the aliases of this file stand for more than 2000000 values']);
  });

  it('keeps a number with a leading zero as it is written', () => {
    expect(parse('a: 010\nb: 0x10\nc: 0\nd: 10\n').plain).toEqual({ a: '010', b: 16, c: 0, d: 10 });
  });

  it('takes keys as they are written', () => {
    expect(parse('1: a\nyes: b\n"3": c\n').plain).toEqual({ 1: 'a', yes: 'b', 3: 'c' });
  });

  it('is not confused by names every object has', () => {
    expect(Object.keys(parse('constructor: 1\n__proto__: 2\n').plain)).toEqual(['constructor', '__proto__']);
  });

  it('reports keys that are no text', () => {
    expect(parse('? [a]\n: b\n').messages).toEqual(['a key must be a text']);
  });

  it('shows an empty value at its key', () => {
    const tree = parseYaml({ path: 'x', text: 'a:\n  b:\n' }, () => undefined);
    const inner = tree?.kind === 'mapping' ? tree.entries.get('a')?.value : undefined;
    expect(inner?.kind === 'mapping' ? inner.entries.get('b')?.value.start : undefined).toBe(5);
  });
});
