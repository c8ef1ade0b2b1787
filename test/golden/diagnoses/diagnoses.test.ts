import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/run/events.ts';
import { run } from '../../../src/run/run.ts';
import type { Unstamped } from '../../../src/run/world.ts';
import { diagnosisLines } from '../../../src/ui/diagnosis-lines.ts';
import { PLAIN_THEME } from '../../../src/ui/theme.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import { aRequest } from '../../support/builders-run.ts';
import { RecordedHosts } from '../../support/recorded-hosts.ts';

/** Each folder is what two hosts of the lab said, script by script, while something was wrong on them, and what is made of it. */
const folder = import.meta.dirname;
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** The tunnel all of them were recorded with: two hosts with a router between them. */
const TUNNEL = aTunnel({ ttl: 64 }, [
  { host: 'host-a', local: '10.10.10.2', addresses: ['10.9.0.1 peer 10.9.0.2'], ...behind('10.1.1.0/24') },
  { host: 'host-b', local: '10.10.20.2', addresses: ['10.9.0.2 peer 10.9.0.1'], ...behind('10.2.1.0/24') },
]);

/** What is the same as on the healthy hosts is not kept twice. */
function recorded(name: string, host: string, reply: string): string {
  const own = join(folder, name, host, reply);
  return readFileSync(existsSync(own) ? own : join(folder, 'healthy', host, reply), 'utf8');
}

async function diagnosed(name: string): Promise<{ readonly exitCode: number; readonly diagnosis: Diagnosis }> {
  const events: Unstamped[] = [];
  const { exitCode } = await run(aRequest({ tunnels: [TUNNEL], command: 'doctor', inventories: ['inventory.yaml'] }), {
    transport: new RecordedHosts((host, reply) => recorded(name, host, reply)),
    report: (event) => void events.push(event),
    now: () => 0,
    sleep: async () => undefined,
    jitter: () => 0,
    randomBytes: (size) => Buffer.alloc(size),
    interrupt: new AbortController().signal,
  });
  const told = events.find((event) => event.type === 'diagnosis');
  if (told?.type !== 'diagnosis') throw new Error(`nothing was diagnosed: ${JSON.stringify(events)}`);
  return { exitCode, diagnosis: told.diagnosis };
}

describe('what was recorded', () => {
  it.each(cases)('of %s is diagnosed', async (name) => {
    const { exitCode, diagnosis } = await diagnosed(name);
    const text = `exit ${exitCode}\n${diagnosisLines(diagnosis, { theme: PLAIN_THEME, columns: 150 }).join('\n')}\n`;
    const path = join(folder, name, 'expected.txt');
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
    expect(exitCode).toBe(name.startsWith('healthy') ? 0 : 1);
  });
});
