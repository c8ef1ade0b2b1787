import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modes } from '../../../src/modes/index.ts';
import type { Mode } from '../../../src/modes/mode.ts';
import { isReplaced } from '../../../src/plan/plan-link.ts';
import { type Trial, trialsOf } from '../../support/attribute-trials.ts';

const EXAMPLE = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;
const UNDERLAY_MTU_BYTES = 1500;

const trials = trialsOf([...modes.values()], ['eth1', 'eth2']);

function takesReplace({ from, to }: Trial): boolean {
  const { device, mode, mtuBytes, attributes } = from;
  return isReplaced(to, { device, mode, isUp: true, mtuBytes, attributes, addresses: [] });
}

/** Fields of which no change at all can be made in place. */
function replacedBy(mode: Mode): readonly string[] {
  const own = trials.filter((trial) => trial.mode === mode);
  const fields = [...new Set(own.map(({ field }) => field))];
  const replaced = fields.filter((field) => own.filter((trial) => trial.field === field).every(takesReplace));
  return [...new Set(replaced.map((field) => field.replace('peer ', '')))];
}

function row(mode: Mode): string {
  const families = (list: readonly number[]) => list.map((family) => `IPv${family}`).join(', ');
  const inside = mode.inner({ proto: 'any' });
  const bytes = mode.underlay.map((family) => mode.overheadBytes({ remote: EXAMPLE[family] }, UNDERLAY_MTU_BYTES));
  const cells = [
    `\`${mode.name}\``,
    families(mode.underlay),
    mode.isEthernet ? 'Ethernet' : families(inside),
    mode.hasKey ? 'yes' : '–',
    bytes.join(', '),
    replacedBy(mode)
      .map((field) => `\`${field}\``)
      .join(', ') || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

describe('the table of modes in README.md', () => {
  it('says of each mode what its file says', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const rows = readme.split('\n').filter((line) => /^\| `[a-z0-9]+` \| IPv/.test(line));
    expect(rows).toEqual([...modes.values()].map(row));
  });
});

describe('a change of one field', () => {
  it('of each mode is tried on a kernel: every field of the schema has a trial, but where the kernel has no such attribute', () => {
    const tried = new Set(trials.map(({ mode, field }) => `${mode.name} ${field}`));
    const untried = [...modes.values()].flatMap((mode) =>
      [...Object.keys(mode.tunnelSchema), ...Object.keys(mode.endpointSchema), 'local', 'peer local', 'dev']
        .map((field) => `${mode.name} ${field}`)
        .filter((name) => !tried.has(name) && !tried.has(name.replace(' ', ' peer '))),
    );
    expect(untried).toEqual([]);
  });
});
