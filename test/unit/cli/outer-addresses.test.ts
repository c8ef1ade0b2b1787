import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { outerAddresses } from '../../../src/cli/outer-addresses.ts';
import type { ConnectionVars } from '../../../src/domain/host.ts';
import { aTunnel } from '../../support/builders.ts';

/** Outer addresses of two routers without `local`, for somebody with this in ~/.ssh/config. */
async function addressesOf(config: string, connections: Readonly<Record<string, ConnectionVars>>) {
  const homeDir = mkdtempSync(join(tmpdir(), 'tunorch-home-'));
  onTestFinished(() => rmSync(homeDir, { recursive: true }));
  mkdirSync(join(homeDir, '.ssh'));
  writeFileSync(join(homeDir, '.ssh', 'config'), config);
  const [first, second] = aTunnel().endpoints.map(({ local: _, ...end }) => end);
  if (first === undefined || second === undefined) throw new Error('a tunnel has two ends');
  const hosts = new Map(Object.entries(connections).map(([name, connection]) => [name, { name, connection }]));
  const environment = { homeDir, env: {}, controllerUser: 'ada', connectTimeoutMs: 1000, systemDir: homeDir };
  return Object.fromEntries(await outerAddresses([{ ...aTunnel(), endpoints: [first, second] }], hosts, environment));
}

it('takes the address a host is reached by: HostName of ssh_config for its alias, else what the inventory has', async () => {
  const config = 'Host router-a\n  HostName 127.0.0.7\n';
  const found = await addressesOf(config, { 'router-a': {}, 'router-b': { host: '127.0.0.8' } });
  expect(found).toEqual({ 'router-a': ['127.0.0.7'], 'router-b': ['127.0.0.8'] });
});
