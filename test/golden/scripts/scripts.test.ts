import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';

const folder = join(import.meta.dirname, 'site-to-site');

/** Seconds the hosts were prepared apart, and some: a matter of the machine. */
const HOW_FAR_APART = /echo \d+ (>"\$tunorch_run\/settle-after")/;

it('sends a host these scripts, and no others, when it makes a tunnel', async () => {
  const stage = twoRouters();
  const { scripts } = await stage.run({ tunnels: [sites()], runId: '20261121-090000-4f2a', owner: 'ada@desk' });
  stage.close();
  const sent = scripts.filter(({ host }) => host === 'router-a');
  expect(sent.map(({ sort }) => sort)).toEqual(['gather', 'prepare', 'apply', 'verify', 'settle', 'finish']);
  for (const [index, { sort, text: sentText }] of sent.entries()) {
    const text = sentText.replace(HOW_FAR_APART, 'echo 5 $1');
    const file = join(folder, `${index + 1}-${sort}.sh`);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${text}\n`);
    expect(`${text}\n`, file).toBe(readFileSync(file, 'utf8'));
  }
});
