import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { journalText } from '../../../../src/script/journal.ts';
import { TUNNEL_STATES } from './state.ts';

const states = [...TUNNEL_STATES].toSorted();

test('the model has the states of the table in src/README.md', () => {
  const table = readFileSync('src/README.md', 'utf8').split('| state on one host |')[1]?.split('\n\n')[0] ?? '';
  const cells = table
    .split('\n')
    .filter((line) => line.startsWith('| ') || line.startsWith('| |'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap((columns) => [columns[1] ?? '', columns.at(-2) ?? ''])
    .flatMap((cell) => cell.split(', '));
  const named = new Set(cells.filter((cell) => /^[a-z]+$/.test(cell)));
  named.delete('to');
  expect([...named].toSorted()).toEqual(states);
});

test('the model has the states that the program on the host renames files to', () => {
  const program = journalText({ host: 'a', run: 'r', tunnels: [] });
  const renamed = [...program.matchAll(/mv "[^"]*\/\$1\.([a-z]+)" "[^"]*\/\$1\.([a-z]+)"/g)].flatMap(([, from, to]) => [from, to]);
  const claimed = /for s in ([a-z ]+);/.exec(program)?.[1]?.split(' ') ?? [];
  expect([...new Set([...renamed, ...claimed])].toSorted()).toEqual(states);
});

test('the model has the functions of the program on the host', () => {
  const program = journalText({ host: 'a', run: 'r', tunnels: [] });
  const model = readFileSync('test/unit/run/model/host.ts', 'utf8');
  const named = new Set([...model.matchAll(/journal\.ts: (tunorch_[a-z]+)/g)].map(([, name]) => name ?? ''));
  expect([...named].filter((name) => !program.includes(`${name}() {`))).toEqual([]);
  expect(named.size).toBeGreaterThan(5);
});
