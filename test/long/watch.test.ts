import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/run/events.ts';
import { type Random, randomFrom } from '../e2e/random.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from '../protocol/namespaces.ts';

const program = process.env.TUNORCH_PROGRAM ?? join(import.meta.dirname, '../../dist/tunorch.js');
const minutes = Number(process.env.TUNORCH_WATCH_MINUTES ?? 2);
const seed = Number(process.env.TUNORCH_SEED ?? randomInt(1_000_000));
const INTERVAL_SECONDS = 5;
const RETRIES = 3;
const NOTICED_WITHIN_MS = INTERVAL_SECONDS * RETRIES * 1000 + 1000;
const METRICS_PORT = 9469;

/** Two full meshes of six hosts with two in common: thirty tunnels on ten hosts. */
const names = Array.from({ length: 10 }, (_unused, index) => `h${index + 1}`);
const PATIENCE_MS = (minutes + 20) * 60_000;

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: a watch on the kernel of this machine: ${obstacle}\n\n`);

interface Cut {
  readonly tunnel: string;
  readonly kind: 'deleted' | 'down' | 'remote';
  readonly at: number;
  noticedAt?: number;
  repairedAt?: number;
  upAt?: number;
}

describe.skipIf(obstacle !== undefined)(`a watch of ${minutes} minutes over thirty tunnels that are cut at random, seed ${seed}`, () => {
  let hosts: Namespaces;
  let inventory = '';
  beforeAll(async () => {
    hosts = await startNamespaces(names);
    inventory = writeInventory(hosts);
    const up = hosts.on('router', process.execPath, program, 'up', inventory, '-o', 'text', '--timeout', '120', '--deadline', '600');
    expect(up.status, `${up.stdout}${up.stderr}`).toBe(0);
  }, PATIENCE_MS);
  afterAll(() => hosts?.stop());

  it(
    'notices every outage in time, heals what was cut, and needs no more memory in the end than when it began',
    async () => {
      process.stdout.write(`TUNORCH_SEED=${seed}\n`);
      const random = randomFrom(seed);
      const watching = startWatching(hosts, inventory);
      await expect.poll(() => watching.up.size, { timeout: 120_000, interval: 500 }).toBe(30);
      const endsAt = Date.now() + minutes * 60_000;
      const residentBytes: { readonly at: number; readonly bytes: number }[] = [];
      while (Date.now() < endsAt) {
        cutOne(hosts, watching, random);
        residentBytes.push({ at: Date.now(), bytes: residentBytesOf(hosts) });
        await sleep(4_000 + random() * 8_000);
      }
      await expect
        .poll(() => watching.up.size, { timeout: 240_000, interval: 1000 })
        .toBe(30)
        .catch((error: unknown) => {
          throw new Error(`the last that was told:\n${watching.told.slice(-40).join('\n')}`, { cause: error });
        });
      const { status, recap } = await watching.end();
      const slope = slopeOf(residentBytes.slice(Math.floor(residentBytes.length / 4)));
      report(watching.cuts, residentBytes, slope);
      expect(watching.cuts.filter(({ noticedAt, at }) => (noticedAt ?? Number.POSITIVE_INFINITY) - at > NOTICED_WITHIN_MS)).toEqual([]);
      expect(watching.cuts.filter(({ upAt }) => upAt === undefined)).toEqual([]);
      expect(watching.unexpected).toEqual([]);
      if (minutes >= 10) expect(slope).toBeLessThan(300_000);
      expect([status, recap?.tunnels.map(({ outcome }) => outcome)]).toEqual([130, Array.from({ length: 30 }, () => 'ok')]);
    },
    PATIENCE_MS,
  );
});

function writeInventory({ folder, key, knownHosts, address }: Namespaces): string {
  const inventory = join(folder, 'watch.yaml');
  const common = `-o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes -i ${key} -F /dev/null`;
  const list = names.map((host) => `    ${host}: { ansible_host: ${address(host)} }`);
  const mesh = (name: string, members: readonly string[], pool: string) =>
    `  ${name}: { hosts: "${members.join(':')}", topology: full, pool: ${pool}, tunnel: { mode: vxlan } }`;
  const meshes = [mesh('a', names.slice(0, 6), '10.99.0.0/24'), mesh('b', names.slice(4), '10.99.1.0/24')];
  writeFileSync(
    inventory,
    `all:\n  vars: { ansible_user: root, ansible_ssh_common_args: "${common}" }\n  hosts:\n${list.join('\n')}\nmeshes:\n${meshes.join('\n')}\n`,
  );
  return inventory;
}

interface Watching {
  readonly up: Set<string>;
  readonly cuts: Cut[];
  /** Outages that nobody made. */
  readonly unexpected: string[];
  /** What was told but for the health of tunnels that were cut. */
  readonly told: string[];
  end(): Promise<{ readonly status: number | null; readonly recap: Extract<RunEvent, { readonly type: 'run-finished' }>['recap'] | undefined }>;
}

function startWatching(hosts: Namespaces, inventory: string): Watching {
  const flags = [
    '--interval',
    `${INTERVAL_SECONDS}`,
    '--retries',
    `${RETRIES}`,
    '--heal',
    '--heal-per-hour',
    '1000',
    '--metrics',
    `127.0.0.1:${METRICS_PORT}`,
  ];
  const child = spawn(
    'ip',
    ['netns', 'exec', hosts.space('router'), process.execPath, program, 'watch', inventory, '-o', 'json', '--timeout', '60', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const watching = { up: new Set<string>(), cuts: [] as Cut[], unexpected: [] as string[], told: [] as string[] };
  child.stderr.on('data', (words: Buffer) => watching.told.push(words.toString()));
  let recap: Extract<RunEvent, { readonly type: 'run-finished' }>['recap'] | undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'run-finished') recap = event.recap;
    watching.told.push(`${new Date(event.at).toISOString()} ${line.slice(0, 300)}`);
    watching.told.splice(0, watching.told.length - 100);
    hear(event, watching);
  });
  return {
    ...watching,
    end: async () => {
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      return { status: await ended, recap };
    },
  };
}

function hear(event: RunEvent, { up, cuts, unexpected }: Pick<Watching, 'up' | 'cuts' | 'unexpected'>): void {
  if (event.type !== 'tunnel-health' && event.type !== 'repair') return;
  const cut = cuts.findLast(({ tunnel }) => tunnel === event.tunnel);
  if (event.type === 'repair') {
    if (event.state === 'repaired' && cut !== undefined) cut.repairedAt ??= event.at;
    return;
  }
  if (event.health === 'up') up.add(event.tunnel);
  else up.delete(event.tunnel);
  if (event.health === 'up' && cut !== undefined) cut.upAt ??= event.at;
  if (event.health !== 'down') return;
  if (cut === undefined || cut.upAt !== undefined) unexpected.push(`${event.tunnel}: ${event.reason}`);
  else cut.noticedAt ??= event.at;
}

/** One of the tunnels that are up is cut at one of its ends, in one of three ways; another remote tells only where what was learned is forgotten, and nothing is learned of what comes in. */
function cutOne(hosts: Namespaces, { up, cuts }: Watching, random: Random): void {
  const whole = [...up].toSorted();
  const tunnel = whole[Math.floor(random() * whole.length)];
  if (tunnel === undefined) return;
  const [mesh = '', first = '', second = ''] = tunnel.split('-');
  const [host, peer] = random() < 0.5 ? [first, second] : [second, first];
  const device = `${mesh}-${peer}`;
  const ways = [
    ['deleted', 'link', 'delete', 'dev', device],
    ['down', 'link', 'set', 'dev', device, 'down'],
    [
      'remote',
      'link',
      'set',
      'dev',
      device,
      'type',
      'vxlan',
      'remote',
      hosts.address('h1') === hosts.address(peer) ? hosts.address('h2') : hosts.address('h1'),
      'nolearning',
    ],
  ] as const;
  const [kind, ...words] = ways[Math.floor(random() * ways.length)] ?? ways[0];
  up.delete(tunnel);
  cuts.push({ tunnel, kind, at: Date.now() });
  const relearn = `ip link set dev ${device} down && ip link set dev ${device} up`;
  const { status, stderr } = hosts.on(host, 'sh', '-c', `ip ${words.join(' ')}${kind === 'remote' ? ` && ${relearn}` : ''}`);
  if (status !== 0) throw new Error(`${host}: ip ${words.join(' ')}: ${stderr}`);
}

function residentBytesOf(hosts: Namespaces): number {
  const { stdout } = hosts.on('router', 'curl', '-s', `http://127.0.0.1:${METRICS_PORT}/metrics`);
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(stdout)?.[1] ?? Number.NaN);
}

/** Bytes a minute, by least squares. */
function slopeOf(points: readonly { readonly at: number; readonly bytes: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(({ at }) => at)), mean(points.map(({ bytes }) => bytes))];
  const above = points.reduce((sum, { at, bytes }) => sum + (at - x) * (bytes - y), 0);
  const below = points.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  return below === 0 ? 0 : (above / below) * 60_000;
}

function report(cuts: readonly Cut[], resident: readonly { readonly bytes: number }[], slope: number): void {
  const seconds = (values: readonly (number | undefined)[]) => {
    const sorted = values.filter((value) => value !== undefined).toSorted((one, other) => one - other);
    return `median ${((sorted[Math.floor(sorted.length / 2)] ?? 0) / 1000).toFixed(1)} s, most ${((sorted.at(-1) ?? 0) / 1000).toFixed(1)} s`;
  };
  const noticed = seconds(cuts.map(({ noticedAt, at }) => (noticedAt === undefined ? undefined : noticedAt - at)));
  const healed = seconds(cuts.map(({ upAt, at }) => (upAt === undefined ? undefined : upAt - at)));
  const mib = (bytes = 0) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  process.stdout.write(
    `${cuts.length} cuts; noticed: ${noticed}; up again: ${healed}; memory ${mib(resident[0]?.bytes)} at first, ${mib(resident.at(-1)?.bytes)} at last, ${(slope / 1024).toFixed(0)} KiB a minute\n`,
  );
}
