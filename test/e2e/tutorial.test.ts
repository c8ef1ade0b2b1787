import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sshConfigText } from '../../src/lab/ssh-config.ts';
import { TOPOLOGIES } from '../../src/lab/topologies.ts';
import type { Topology } from '../../src/lab/topology.ts';
import { stage } from './support/shared-lab.ts';
import { newcomerIn, tutorialLines } from './tutorial.ts';

it('README’s tutorial leads from nothing to a tunnel and back, line by line', async () => {
  const { lab, guestFor } = await stage('site-to-site');
  const newcomer = await newcomerIn(await mkdtemp(join(lab.folder, 'newcomer-')));
  await newcomer.configureSsh(sshConfigText({ lab, topology: TOPOLOGIES.get('site-to-site') as Topology, guestFor }));
  // The hosts are there; test/long/tutorial.test.ts has the lines that boot and end them too.
  const lines = (await tutorialLines()).filter((line) => !line.startsWith('npx tunorch lab '));
  expect(lines.map((line) => line.split(' ')[2])).toEqual(['init', 'plan', 'up', 'up', 'verify', 'doctor', 'down']);
  const said: string[] = [];
  for (const line of lines) said.push(await newcomer.type(line));
  expect([said[2], said[3]]).toEqual([expect.stringContaining('changed'), expect.stringContaining('No changes')]);
});
