import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dotOf } from '../../../src/inventory/picture/dot.ts';
import { mermaidOf } from '../../../src/inventory/picture/mermaid.ts';
import { svgOf } from '../../../src/inventory/picture/svg.ts';
import { healthFrom, topologyOf } from '../../../src/inventory/picture/topology.ts';
import { aTunnel } from '../../support/builders.ts';
import { DEGRADED_RUN, ROLLED_BACK_RUN } from '../../support/recorded-runs.ts';

const GOLDEN = new URL('../../golden/pictures/', import.meta.url);
const FORMS = { svg: svgOf, mermaid: mermaidOf, dot: dotOf };

const between = (name: string, first: string, second: string) => aTunnel({ name }, [{ host: first }, { host: second }]);
const tunnels = [
  between('gre1', 'router-a', 'router-b'),
  between('gre2', 'router-b', 'router-a'),
  between('gre3', 'router-a', 'router-c'),
  aTunnel({ name: 'gone', state: 'absent' }, [{ host: 'router-c' }, { host: 'router-d' }]),
];
const events = ['', 'no event', '{"type":"tunnel-finished"', ...DEGRADED_RUN.events.map((event) => JSON.stringify(event))].join('\n');

describe('a picture of the tunnels', () => {
  it.each(Object.entries(FORMS))('as %s is as its golden file', (form, draw) => {
    const text = `${draw(topologyOf(tunnels, healthFrom(events))).join('\n')}\n`;
    const file = new URL(`three-routers.${form}`, GOLDEN);
    if (process.env.UPDATE_GOLDEN === '1') {
      if (!existsSync(GOLDEN)) mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('tells health by what a run found', () => {
    expect([healthFrom(events)('gre1'), healthFrom(events)('gre2')]).toEqual(['poor', 'unknown']);
    expect(healthFrom(ROLLED_BACK_RUN.events.map((event) => JSON.stringify(event)).join('\n'))('gre1')).toBe('bad');
  });

  it.each([
    ['svg', svgOf, '<1>'],
    ['mermaid', mermaidOf, 'a"]'],
    ['dot', dotOf, 'a"]'],
  ] as const)('as %s has room for any name', (_form, draw, unescaped) => {
    expect(draw(topologyOf([between('t"<1>', 'a"]&', 'b\\')])).join('\n')).not.toContain(unescaped);
  });

  it('keeps boxes of many hosts apart', () => {
    const ring = Array.from({ length: 40 }, (_unused, index) => between(`t${index}`, `host-${index}`, `host-${(index + 1) % 40}`));
    const boxes = svgOf(topologyOf(ring)).flatMap((line) => {
      const [, x, y] = /<rect x="(-?\d+)" y="(-?\d+)"/u.exec(line) ?? [];
      return x === undefined || y === undefined ? [] : [{ x: Number(x), y: Number(y) }];
    });
    expect(boxes).toHaveLength(40);
    const touching = boxes.filter((one, index) =>
      boxes.some((other, at) => at > index && Math.abs(one.x - other.x) < 150 && Math.abs(one.y - other.y) < 32),
    );
    expect(touching).toEqual([]);
  });
});
