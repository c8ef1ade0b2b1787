import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeAccount } from '../protocol/accounts.ts';
import { whyNoDelay } from '../protocol/delayed-link.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from '../protocol/namespaces.ts';
import type { Result } from './fleet-report.ts';
import { commandOf, WAYS, type Way, WORKS, type Work, writeFleet } from './fleet-ways.ts';

const SIZES = (process.env.TUNORCH_FLEET ?? '10,100').split(',').map(Number);
const DELAY_MS = Number(process.env.TUNORCH_DELAY ?? 25);
const ROUNDS = Number(process.env.TUNORCH_ROUNDS ?? 3);
/** Ansible takes so long that the others would find another machine afterwards. */
const ANSIBLE_ROUNDS = Number(process.env.TUNORCH_ANSIBLE_ROUNDS ?? 1);

const measure = join(import.meta.dirname, 'measure.py');
const resultsFile = join(import.meta.dirname, 'fleet-results.json');

type Figures = Pick<Result, 'wallMs' | 'cpuMs' | 'peakMiB' | 'bytes'>;

const obstacle = whyNoNamespaces() ?? whyNoDelay();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: a fleet on the kernel of this machine: ${obstacle}\n\n`);

describe.skipIf(obstacle !== undefined)('a fleet of namespaces', () => {
  test.each(SIZES)('of %i hosts is brought up, looked at and taken down in every way', async (size) => {
    const names = Array.from({ length: size }, (_unused, index) => `h${index + 1}`);
    const fleet = await startNamespaces(names, DELAY_MS);
    const account = makeAccount({ home: fleet.folder, isRoot: true });
    try {
      writeFleet(fleet, names, account.name);
      const all: { readonly way: Way; readonly work: Work; readonly figures: Figures }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        for (const way of WAYS.filter((one) => one !== 'ansible' || round < ANSIBLE_ROUNDS)) {
          for (const work of WORKS) all.push({ way, work, figures: figuresOf(fleet, commandOf(way, work, { folder: fleet.folder, forks: size })) });
        }
      }
      const results = WAYS.flatMap((way) =>
        WORKS.flatMap((work): readonly Result[] => {
          const own = all.filter((one) => one.way === way && one.work === work).map(({ figures }) => figures);
          return own.length === 0 ? [] : [{ hosts: size, delayMs: DELAY_MS, way, work, rounds: own.length, ...medians(own) }];
        }),
      );
      keep(results);
      for (const { way, work, wallMs, cpuMs, peakMiB, bytes } of results)
        process.stdout.write(`${size} hosts ${way} ${work}: ${wallMs} ms, CPU ${cpuMs} ms, ${peakMiB} MiB, ${bytes} bytes\n`);
    } finally {
      account.remove();
      fleet.stop();
    }
  });
});

function figuresOf(fleet: Namespaces, command: readonly string[]): Figures {
  const file = join(fleet.folder, 'taken.json');
  const before = bytesOn(fleet);
  const { status, stdout, stderr } = fleet.on(fleet.controller, 'python3', measure, file, ...command);
  expect(status, `${command.join(' ')}\n${(stdout + stderr).slice(-4000)}`).toBe(0);
  return { ...JSON.parse(readFileSync(file, 'utf8')), bytes: bytesOn(fleet) - before };
}

/** Of frames, both ways. */
function bytesOn(fleet: Namespaces): number {
  const folder = '/sys/class/net/eth0/statistics';
  const { stdout } = fleet.on(fleet.controller, 'cat', `${folder}/rx_bytes`, `${folder}/tx_bytes`);
  return stdout.split('\n').reduce((sum, count) => sum + Number(count), 0);
}

function medians(all: readonly Figures[]): Figures {
  const median = (pick: (one: Figures) => number) => all.map(pick).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  return {
    wallMs: median(({ wallMs }) => wallMs),
    cpuMs: median(({ cpuMs }) => cpuMs),
    peakMiB: median(({ peakMiB }) => peakMiB),
    bytes: median(({ bytes }) => bytes),
  };
}

/** Results of another size or delay stay. */
function keep(results: readonly Result[]): void {
  const isSame = (one: Result) => results.some(({ hosts, delayMs }) => hosts === one.hosts && delayMs === one.delayMs);
  const others = (JSON.parse(readFileSync(resultsFile, 'utf8')) as readonly Result[]).filter((one) => !isSame(one));
  const sorted = [...others, ...results].toSorted((one, other) => one.hosts - other.hosts || one.delayMs - other.delayMs);
  writeFileSync(resultsFile, `[\n${sorted.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
}
