import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plotOf, withTable } from '../../bench/fleet-report.ts';

const pathOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(pathOf(path), 'utf8');

/** `npm run golden -- test/unit/project/fleet-report.test.ts` writes both anew. */
test('README.md and the plot show the results of the benchmark that lie beside it', () => {
  const results = JSON.parse(read('test/bench/fleet-results.json'));
  const written = { 'README.md': withTable(read('README.md'), results), 'test/bench/fleet.svg': plotOf(results) };
  for (const [path, text] of Object.entries(written)) {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(pathOf(path), text);
    expect(read(path), path).toBe(text);
  }
});
