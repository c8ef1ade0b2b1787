import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../domain/host.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import { foundInventory } from '../../inventory/starter.ts';
import { adopt } from '../../plan/adopt.ts';
import { observeHosts } from '../../run/observe-hosts.ts';
import { run } from '../../run/run.ts';
import type { Unstamped } from '../../run/world.ts';
import type { Transport } from '../../transport/transport.ts';
import { withFlags } from '../connection-flags.ts';
import type { RunFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { openTransport } from '../open-transport.ts';

/** The flags of `adopt`. */
export type AdoptFlags = Pick<RunFlags, 'user' | 'privateKey' | 'askPass' | 'askBecomePass' | 'timeout' | 'verbose' | 'transport'> & {
  readonly become?: boolean;
};

const HOST_UNUSABLE = 4;

/** Prints an inventory of the tunnels that two hosts have between them; what it leaves out, or would change, goes to stderr. */
export async function adoptTunnels(names: readonly [string, string], flags: AdoptFlags): Promise<number> {
  const connection = flags.become === true ? { become: { method: 'sudo' as const } } : {};
  const hosts = await withFlags(new Map(names.map((name) => [name, { name, connection }])), flags);
  const transport = openTransport({ lend: (ask) => ask() }, flags);
  const interrupts = listenForInterrupts(() => undefined);
  try {
    return await adoptOver({ transport, interrupt: interrupts.signal }, hosts, varsOf(flags));
  } finally {
    interrupts.stop();
    await transport.close();
  }
}

/** What of the flags a later run has to know too. */
function varsOf({ user, privateKey, become }: AdoptFlags): Readonly<Record<string, unknown>> {
  return {
    ...(user === undefined ? {} : { ansible_user: user }),
    ...(privateKey === undefined ? {} : { ansible_ssh_private_key_file: privateKey }),
    ...(become === true ? { ansible_become: true } : {}),
  };
}

/** @param world - the way to the hosts, which tests have one of their own for */
export async function adoptOver(
  world: { readonly transport: Transport; readonly interrupt: AbortSignal },
  hosts: ReadonlyMap<string, Host>,
  vars: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const observed = [...(await observeHosts([...hosts.values()], world)).values()];
  const failed = observed.filter((each) => each instanceof HostFailure);
  for (const { message, hint } of failed) tell(`${message}. ${hint}`);
  const [first, second] = observed;
  if (first === undefined || second === undefined || first instanceof HostFailure || second instanceof HostFailure) return HOST_UNUSABLE;
  const { tunnels, lonely } = adopt(first, second);
  for (const { host, device } of lonely) tell(`${host}: ${device} has no other end on the other host: left out`);
  if (tunnels.length === 0) {
    tell(`there is no tunnel between ${first.host} and ${second.host}`);
    return 0;
  }
  const text = foundInventory(Object.fromEntries([...hosts.keys()].map((name) => [name, vars])), tunnels);
  process.stdout.write(text);
  for (const line of await whatWouldChange(text, hosts, world)) tell(line);
  tell('Take them over with: tunorch up --adopt FILE');
  return 0;
}

/** The round trip: what was printed is read and planned; nothing but our mark may be missing. */
async function whatWouldChange(
  text: string,
  hosts: ReadonlyMap<string, Host>,
  world: { readonly transport: Transport; readonly interrupt: AbortSignal },
): Promise<readonly string[]> {
  const { desired, diagnostics } = readInventory([{ path: 'inventory.yaml', text }]);
  if (desired === undefined) return diagnostics.map(({ message, place }) => `line ${place?.line}: ${message}: correct it before use`);
  const events: Unstamped[] = [];
  await run(
    {
      command: 'plan',
      isCheck: true,
      hosts,
      tunnels: desired.tunnels,
      forks: hosts.size,
      onFailure: 'roll-back',
      foreignDevices: 'adopt',
      strays: 'tell',
      declared: new Set(desired.tunnels.map(({ name }) => name)),
      lockWaitSeconds: 0,
      runId: randomUUID(),
      owner: 'tunorch adopt',
      version: process.env.TUNORCH_VERSION ?? '0.0.0',
      hasDetailedExitCode: false,
      // What was found has its `local` at both ends.
      addresses: new Map(),
    },
    { ...world, report: (event) => void events.push(event), now: Date.now, sleep: (ms) => sleep(ms), jitter: Math.random, randomBytes },
  );
  return events.flatMap(differencesIn);
}

function differencesIn(event: Unstamped): readonly string[] {
  if (event.type === 'problem') return [`${event.tunnel}: ${event.problem.message}: correct it before use`];
  if (event.type !== 'tunnel-planned') return [];
  const others = event.changes.filter(({ differences = [] }) => differences.length === 0 || differences.some(({ name }) => name !== 'alias'));
  return others.map(({ host, action, object, differences = [] }) => {
    const details = differences.map(({ name, from, to }) => `${name} ${from ?? 'unset'} → ${to ?? 'unset'}`).join(', ');
    return `${event.tunnel}: taking it over would ${action} ${object} on ${host}${details === '' ? '' : ` (${details})`}`;
  });
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
