import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { type Scene, stage } from '../e2e/support/shared-lab.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../../dist/tunorch.js', import.meta.url));
const ROUNDS = 7;

let scene: Scene;

beforeAll(async () => {
  scene = await stage('two-hosts');
  for (const host of ['host-a', 'host-b'])
    await scene.exec(host, 'modprobe ip_gre; for try in 1 2 3 4 5 6 7 8 9; do ping -c 1 -W 1 1.1.1.1 && ping -c 1 -W 1 1.1.1.2 && break; done');
});

test('up takes little longer than two hand-written scripts over ssh in parallel', async () => {
  const times = { tunorch: [] as number[], ssh: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ssh.push(await timed(() => byHand()));
    await clean();
    times.tunorch.push(await timed(() => run('node', [PROGRAM, 'up', scene.inventoryPath, '-o', 'json'])));
    await clean();
  }
  const ratio = median(times.tunorch) / median(times.ssh);
  process.stdout.write(
    `up on a pair, median of ${ROUNDS}: tunorch ${median(times.tunorch).toFixed(0)} ms, two parallel ssh ${median(times.ssh).toFixed(0)} ms, ratio ${ratio.toFixed(2)}\n`,
  );
  expect(ratio).toBeGreaterThan(0);
}, 600_000);

/** The floor: what somebody would type, with the same echoes at the end, and nothing that could undo it. */
async function byHand(): Promise<void> {
  const ends = [
    { host: 'host-a', local: '1.1.1.1', remote: '1.1.1.2', address: '2.2.2.2', peer: '3.3.3.3' },
    { host: 'host-b', local: '1.1.1.2', remote: '1.1.1.1', address: '3.3.3.3', peer: '2.2.2.2' },
  ];
  await Promise.all(ends.map((end) => run('ssh', [...sshOptions(end.host), script(end)])));
}

function script({
  local,
  remote,
  address,
  peer,
}: {
  readonly local: string;
  readonly remote: string;
  readonly address: string;
  readonly peer: string;
}): string {
  return [
    'modprobe ip_gre',
    `ip link add name gre1 type gre local ${local} remote ${remote} ttl 255`,
    `ip address add ${address} peer ${peer} dev gre1`,
    'ip link set dev gre1 mtu 1476 up',
    `for try in 1 2 3 4 5 6 7 8 9; do ping -n -q -c 1 -W 1 -I gre1 ${peer} && break; done`,
    `ping -n -q -c 3 -i 0.2 -I gre1 ${peer}`,
  ].join('; ');
}

function sshOptions(host: string): readonly string[] {
  const { lab } = scene;
  const guest = lab.guests.find(({ name }) => name === (scene.guestFor[host] ?? host));
  const options = [`UserKnownHostsFile=${lab.knownHostsPath}`, 'ControlPath=none', 'IdentitiesOnly=yes', 'BatchMode=yes'];
  return ['-F', 'none', '-i', lab.keyPath, '-p', String(guest?.port), ...options.flatMap((option) => ['-o', option]), 'root@127.0.0.1'];
}

async function clean(): Promise<void> {
  await Promise.all(['host-a', 'host-b'].map((host) => scene.exec(host, 'ip link delete dev gre1')));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
