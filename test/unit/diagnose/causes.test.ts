import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/diagnose/causes/index.ts';
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { modeOf } from '../../../src/modes/index.ts';
import { anEvidence, captured } from '../../support/builders-evidence.ts';
import { causeCases } from './cause-cases.ts';
import { chain, ROUTED, ROUTES_OF_BOTH } from './cause-evidence.ts';

function cureText({ cures }: Finding): string {
  return cures.flatMap(({ host, commands }) => commands.map((command) => (host === undefined ? command : `on ${host}: ${command}`))).join('; ');
}

describe('of what both ends show,', () => {
  it.each(causeCases)('$cause comes first, with its host and its cure', ({ cause, evidence, host, message, cure }) => {
    const { isHealthy, findings, ruledOut } = diagnose(evidence);
    const [first] = findings;
    expect(first, JSON.stringify(findings, undefined, 1)).toMatchObject({ cause });
    expect(first?.host).toBe(host);
    expect(first?.message).toMatch(message);
    expect(first === undefined ? '' : cureText(first)).toMatch(cure);
    expect(isHealthy).toBe(false);
    expect(ruledOut).not.toContain(causes.find(({ name }) => name === cause)?.title);
  });

  it('every cause can be told', () => {
    expect([...new Set(causeCases.map(({ cause }) => cause))].toSorted()).toEqual(causes.map(({ name }) => name).toSorted());
  });
});

describe('a tunnel', () => {
  it('that carries packets has no cause to be told of', () => {
    expect(diagnose(anEvidence({ isSilent: false }))).toEqual({
      tunnel: 'gre1',
      isHealthy: true,
      findings: [],
      ruledOut: [],
      unseen: [],
      remarks: [],
    });
    expect(diagnose(anEvidence({ tunnel: ROUTED, isSilent: false, ...ROUTES_OF_BOTH })).findings).toEqual([]);
  });

  it('whose packets take another way back is well, and that is remarked', () => {
    const b = { packets: [captured('30.1.1.1', '30.1.1.2')], survey: { ways: [{ to: '30.1.1.1', device: 'eth7', words: '30.1.1.1 dev eth7' }] } };
    const told = diagnose(anEvidence({ isSilent: false, a: { packets: [] }, b }));
    expect(told).toMatchObject({ isHealthy: true, findings: [] });
    expect(told.remarks).toEqual(['router-b: what router-a sends comes by eth0, and is answered by eth7']);
  });

  it('whose two ends were given another key by hand is well', () => {
    const attributes = { ...modeOf('gre').attributes(anEvidence().ends[0].wanted), ikey: 9, okey: 9 };
    const other = { ...modeOf('gre').attributes(anEvidence().ends[1].wanted), ikey: 9, okey: 9 };
    expect(diagnose(anEvidence({ isSilent: false, a: { link: { attributes } }, b: { link: { attributes: other } } })).isHealthy).toBe(true);
  });

  it('that nobody knows anything about is told so, with what was ruled out and what could not be seen', () => {
    const told = diagnose(anEvidence());
    expect(told).toMatchObject({ isHealthy: false, findings: [] });
    expect(told.ruledOut).toContain('keys that differ');
    expect(told.ruledOut).not.toContain('packets lost between the hosts');
    expect(told.unseen).toEqual([
      'router-a: its packets, for want of tcpdump and root rights',
      'router-b: its packets, for want of tcpdump and root rights',
    ]);
  });

  it('that a counting rule left alone is not blamed on it', () => {
    const nft = chain('input', 'meta l4proto gre counter packets 0 bytes 0 drop');
    expect(diagnose(anEvidence({ b: { nft } })).findings).toEqual([]);
  });
});
