import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EndFacts, holds, needsHost } from '../../../../src/inventory/playbook/condition.ts';
import { parseCondition } from '../../../../src/inventory/playbook/parse-condition.ts';

const FACTS: EndFacts = {
  host: 'r1',
  peer: 'r2',
  tunnel: 'gre1',
  mode: 'gre',
  tags: ['backbone'],
  groups: ['all', 'edge'],
  kernel: '5.10.0-32-amd64',
  programs: ['ip', 'ping'],
  exists: false,
};

function ask(text: string): boolean {
  const parsed = parseCondition(text);
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  return holds(parsed.condition, FACTS);
}

function faultOf(text: string): string {
  const parsed = parseCondition(text);
  return 'fault' in parsed ? `${parsed.fault.at}: ${parsed.fault.message}` : 'none';
}

describe('a condition', () => {
  it.each([
    ["mode == 'gre'", true],
    ['mode != "gre"', false],
    ["kernel >= '5.9'", true],
    ["kernel < '5.2'", false],
    ["'edge' in groups && !exists", true],
    ["host in ['r2', 'r3'] || peer in ['r2', 'r3']", true],
    ["exists || host == 'r1' && mode == 'ipip'", false],
    ["(exists || host == 'r1') && mode == 'gre'", true],
    ["!(host == 'r1')", false],
    ['2 > 10', false],
    ["'x' in []", false],
    ['true == exists', false],
  ])('%s is %s', (text, expected) => {
    expect(ask(text)).toBe(expected);
  });

  it.each([
    ["mod == 'gre'", '0: there is no «mod»'],
    ["mode = 'gre'", '5: «=» is not expected here'],
    ["mode == 'gre", "8: «'» is not expected here"],
    ["tags == 'x'", '5: a list cannot be compared'],
    ['kernel > 5', '7: a text and a number cannot be compared'],
    ['mode', '0: «mode» is neither true nor false'],
    ['exists &&', '9: something is missing at the end'],
    ['exists exists', '7: «exists» is not expected here'],
    ['(exists', '7: a bracket is not closed'],
    ["host in 'r1'", '8: «in» needs a list after it'],
    ['exists < true', '7: true and false have no order'],
    ['process.exit(1)', '0: there is no «process»'],
    [`${'('.repeat(200)}exists`, '100: this is nested too deeply'],
  ])('%s is refused', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('is read or refused whatever it is, and answers with true or false', () => {
    const words = fc.constantFrom('host', 'tags', 'exists', "'x'", '5', '==', '<', 'in', '&&', '||', '!', '(', ')', '[', ']', ',', 'true', '$');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const parsed = parseCondition(parts.join(' '));
        if ('condition' in parsed) expect(typeof holds(parsed.condition, FACTS)).toBe('boolean');
      }),
    );
  });

  it('asks hosts only for what the inventory does not say', () => {
    const needs = (text: string) => {
      const parsed = parseCondition(text);
      return 'condition' in parsed && needsHost(parsed.condition);
    };
    expect(["mode == 'gre'", "'a' in tags", "!('edge' in groups)"].map(needs)).toEqual([false, false, false]);
    expect(["mode == 'gre' && kernel > '5'", "'nft' in programs", '!exists'].map(needs)).toEqual([true, true, true]);
  });
});
