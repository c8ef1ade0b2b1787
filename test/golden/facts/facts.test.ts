import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RouteQuestion } from '../../../src/domain/observed.ts';
import { fouPorts } from '../../../src/facts/fou-ports.ts';
import { hostIdentity } from '../../../src/facts/host-identity.ts';
import { ipsec } from '../../../src/facts/ipsec.ts';
import { loneDecisions } from '../../../src/facts/lone-decisions.ts';
import { answerLookups, lookups } from '../../../src/facts/lookups.ts';
import { modules } from '../../../src/facts/modules.ts';
import { mssClamps } from '../../../src/facts/mss-clamps.ts';
import { networkState } from '../../../src/facts/network-state.ts';
import { persistence } from '../../../src/facts/persistence.ts';
import { policyRules } from '../../../src/facts/policy-rules.ts';
import { routeTables } from '../../../src/facts/route-tables.ts';
import { runAtWork } from '../../../src/facts/run-at-work.ts';
import { sysctls } from '../../../src/facts/sysctls.ts';

const folder = import.meta.dirname;

/** Each folder is a fact; each of its folders is what some host printed, and what is read from it. */
const READERS: Readonly<Record<string, (section: string, questions: readonly RouteQuestion[]) => unknown>> = {
  decisions: loneDecisions.parse,
  'run-at-work': (section) => runAtWork.parse(section) ?? null,
  'fou-ports': fouPorts.parse,
  identity: hostIdentity.parse,
  ipsec: ipsec.parse,
  lookups: (section, questions) => answerLookups(questions, lookups.parse(section)),
  modules: modules.parse,
  'mss-clamps': mssClamps.parse,
  network: networkState.parse,
  persistence: persistence.parse,
  'policy-rules': policyRules.parse,
  'route-tables': routeTables.parse,
  sysctls: sysctls.parse,
};

const facts = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Map) return Object.fromEntries(inner);
    return inner instanceof Set ? [...inner] : inner;
  });
  return JSON.parse(text) as unknown;
}

function questionsOf(path: string): readonly RouteQuestion[] {
  const file = join(path, 'questions.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly RouteQuestion[]) : [];
}

describe.each(facts)('the fact %s', (fact) => {
  it.each(readdirSync(join(folder, fact)))('is read from what %s printed', (name) => {
    const path = join(folder, fact, name);
    const value = plain(READERS[fact]?.(readFileSync(join(path, 'section.txt'), 'utf8'), questionsOf(path)));
    const expected = join(path, 'expected.json');
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(expected, `${JSON.stringify(value, null, 2)}\n`);
    expect(value).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});

it('is the same read from JSON and from text', () => {
  const expected = (name: string) => readFileSync(join(folder, 'network', name, 'expected.json'), 'utf8');
  expect(expected('debian-12-all-modes-text')).toBe(expected('debian-12-all-modes'));
});

it('has real outputs for every fact', () => {
  expect(facts.toSorted()).toEqual(Object.keys(READERS).toSorted());
});
