import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Lab } from '../../src/lab/lab.ts';
import { findGuest } from '../../src/lab/lab-inventory.ts';
import { labScript } from '../../src/lab/ssh.ts';
import { type Detour, openDetour } from './fault-detour.ts';
import { Gate } from './fault-gate.ts';
import { expectAll, tunorch } from './scenario-program.ts';
import { type Snapshot, snapshots } from './scenario-snapshot.ts';
import type { Draft } from './scenario-stage.ts';
import { stage } from './support/shared-lab.ts';

/** What both hosts can have between two runs; a run takes them from one to another. */
export const STANDS = ['none', 'key-1', 'key-2', 'ipip'] as const;
export type Stand = (typeof STANDS)[number];

export type HostName = 'router-a' | 'router-b';
export const HOSTS = ['router-a', 'router-b'] as const;

/** How a host was found: one of the stands, or neither with what is different from the nearest. */
export interface Found {
  readonly stand: Stand | 'other';
  /** Files and processes that a run has left. */
  readonly left: readonly string[];
  readonly snapshot: Snapshot;
}

export interface FaultStage {
  readonly lab: () => Lab;
  readonly gates: Readonly<Record<HostName, Gate>>;
  readonly detours: Readonly<Record<HostName, Detour>>;
  guest(host: HostName): string;
  /** Arguments that bring both hosts to a stand. */
  argsFor(stand: Stand): readonly string[];
  look(): Promise<Readonly<Record<HostName, Found>>>;
  /** When hosts decided without the controller since this was last asked, in milliseconds by this machine's clock. */
  loneDecisions(): Promise<readonly number[]>;
  /** Whether each end hears the other through the tunnel. */
  pings(): Promise<boolean>;
  /** Lays the topology out again, with no tunnel: after a guest was powered off, or something was left. */
  restage(): Promise<void>;
  close(): Promise<void>;
}

/** Keepalive so short that a silent host is given up in a few seconds. */
const KEEPALIVE = '-o ServerAliveInterval=2 -o ServerAliveCountMax=2';

/** A virtual link gets another hardware address each time it is made; with this one a host looks alike in every staging. */
const SAME_ADDRESS = 'ip link set dev lan0 down && ip link set dev lan0 address 02:00:00:00:00:01 && ip link set dev lan0 up';

/** Two routers whose connections go through detours and which can be stopped at any moment, and what they look like in each stand. */
export async function stageFaults(): Promise<FaultStage> {
  let scene = await stage('site-to-site');
  const lab = () => scene.lab;
  const guest = (host: HostName) => scene.guestFor[host] ?? host;
  const gates = perHost((host) => new Gate(lab, guest(host)));
  const detours = {
    'router-a': await openDetour(() => findGuest(lab(), guest('router-a')).port),
    'router-b': await openDetour(() => findGuest(lab(), guest('router-b')).port),
  };
  const inventories = await writeInventories(scene.inventoryPath, { lab: lab(), guest, detours });
  const references = new Map<Stand, Readonly<Record<HostName, Snapshot>>>();
  const argsFor = (stand: Stand) => (stand === 'none' ? ['down', inventories['key-1']] : ['up', inventories[stand]]);
  const snap = async () => {
    const all = await snapshots(lab(), HOSTS.map(guest));
    return perHost((host) => all.get(guest(host)) as Snapshot);
  };
  const untilTidy = async () => {
    for (let left = ['?']; left.length > 0; ) left = Object.values(await snap()).flatMap(({ files }) => files);
  };
  const restage = async () => {
    scene = await stage('site-to-site');
    await Promise.all(HOSTS.map((host) => labScript(lab(), guest(host), SAME_ADDRESS)));
    await settled(scene.lab);
    await Promise.all(HOSTS.map((host) => gates[host].install()));
  };
  await restage();
  for (const stand of ['none', 'key-1', 'key-2', 'ipip', 'none'] as const) {
    expectAll(await tunorch(argsFor(stand)), stand === 'none' && !references.has('none') ? 'ok' : 'changed');
    await untilTidy();
    if (!references.has(stand)) references.set(stand, await snap());
  }
  return {
    lab,
    gates,
    detours,
    guest,
    argsFor,
    async look() {
      const now = await snap();
      return perHost((host) => found(now[host], host, references));
    },
    async loneDecisions() {
      const replies = await Promise.all(HOSTS.map((host) => labScript(lab(), guest(host), DECISIONS)));
      return replies.flatMap(({ stdout }) => readDecisions(stdout, Date.now()));
    },
    async pings() {
      const ping = (host: HostName, to: string) => labScript(lab(), guest(host), `ping -n -q -c 1 -w 4 ${to}`);
      const results = await Promise.all([ping('router-a', '10.10.10.1'), ping('router-b', '10.10.10.2')]);
      return results.every(({ status }) => status === 0);
    },
    restage,
    async close() {
      for (const host of HOSTS) detours[host].close();
      await Promise.all(HOSTS.map((host) => gates[host].remove()));
    },
  };
}

/** The host's own clock, and the times it wrote down, which are forgotten. */
const DECISIONS = 'date +%s; cat /var/log/tunorch/* 2>/dev/null; rm -rf /var/log/tunorch';

function readDecisions(words: string, now: number): readonly number[] {
  const [clock = 0, ...times] = words.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.split(' ')[0])]));
  return times.map((time) => now - (clock - time) * 1000);
}

function perHost<Value>(make: (host: HostName) => Value): Readonly<Record<HostName, Value>> {
  return { 'router-a': make('router-a'), 'router-b': make('router-b') };
}

function found(snapshot: Snapshot, host: HostName, references: ReadonlyMap<Stand, Readonly<Record<HostName, Snapshot>>>): Found {
  const { network, sysctls } = snapshot;
  const match = [...references].find(([, reference]) => isDeepStrictEqual([network, sysctls], [reference[host].network, reference[host].sysctls]));
  const usual = references.get('none')?.[host].processes ?? [];
  return { stand: match?.[0] ?? 'other', left: [...snapshot.files, ...without(snapshot.processes, usual)], snapshot };
}

function without(lines: readonly string[], usual: readonly string[]): readonly string[] {
  const rest = [...usual];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

async function writeInventories(
  path: string,
  {
    lab,
    guest,
    detours,
  }: { readonly lab: Lab; readonly guest: (host: HostName) => string; readonly detours: Readonly<Record<HostName, { readonly port: number }>> },
): Promise<Readonly<Record<Exclude<Stand, 'none'>, string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'tunorch-faults-'));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, HOSTS.map((host) => `[127.0.0.1]:${detours[host].port} ${findGuest(lab, guest(host)).hostKey}\n`).join(''));
  const text = await readFile(path, 'utf8');
  const write = async (stand: string, tunnel: Draft) => {
    const draft: Draft = parse(text);
    draft.all.vars.ansible_ssh_common_args = `-o UserKnownHostsFile=${knownHosts} ${KEEPALIVE}`;
    for (const host of HOSTS) draft.all.hosts[host].ansible_port = detours[host].port;
    Object.assign(draft.tunnels.gre1, tunnel);
    if (tunnel.mode === 'ipip') delete draft.tunnels.gre1.key;
    const file = join(folder, `${stand}.yaml`);
    await writeFile(file, stringify(draft));
    return file;
  };
  return { 'key-1': await write('key-1', {}), 'key-2': await write('key-2', { key: 2 }), ipip: await write('ipip', { mode: 'ipip' }) };
}

/** Waits until no address is tentative (RFC 4862 §5.4): until then the kernel itself still changes addresses and routes. */
async function settled(lab: Lab): Promise<void> {
  const wait = 'n=0; while ip -6 address show tentative | grep -q . && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done';
  await Promise.all(lab.guests.map(({ name }) => labScript(lab, name, wait)));
}
