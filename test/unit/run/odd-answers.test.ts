import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedHost } from '../../../src/domain/observed.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { observe } from '../../../src/facts/observe.ts';
import { planAbsence, planPresence, type TunnelPlan } from '../../../src/plan/plan-tunnel.ts';
import { findStrays } from '../../../src/plan/strays.ts';
import { openTransaction } from '../../../src/run/transaction.ts';
import type { World } from '../../../src/run/world.ts';
import { applyScript } from '../../../src/script/apply.ts';
import { inverseCommands } from '../../../src/script/inverse.ts';
import { prepareScript } from '../../../src/script/prepare.ts';
import { keysFor } from '../../support/builders-keys.ts';
import { aRequest } from '../../support/builders-run.ts';
import { DRIFT, HOSTS, INVENTORY, threeHosts, withTunnels } from '../../support/builders-worlds.ts';
import type { FakeKernel } from '../../support/fake-kernel.ts';
import { factsFor, observeAll } from '../../support/fake-kernel-observe.ts';

/** What no honest `ip` prints there, and names that a kernel allows all the same. */
const ODDITIES = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    {},
    [],
    -1,
    0.5,
    129,
    2 ** 70,
    'inherit',
    'any',
    '',
    ' ',
    '::1',
    '10.0.0.1',
    '10.0.0.0/33',
    'default',
  ),
  fc.constantFrom('br~x', 'a#b', "a'b", 'a"b', 'a\\', '-x', 'a\nTUNORCH\n', 'a\0b', '__proto__', 'constructor', 'x'.repeat(300)),
);

const WORLD = fc.record({ earlier: INVENTORY, drift: DRIFT, next: INVENTORY, host: fc.constantFrom(...HOSTS), place: fc.nat(), oddity: ODDITIES });

/** Puts an odd value into one place of what `ip -j` printed. */
function withOddity(output: string, { place, oddity }: { readonly place: number; readonly oddity: unknown }): string {
  const lines = output.split('\n');
  const places = lines.flatMap((line, index) => (line.startsWith('[') ? leavesOf(JSON.parse(line)).map((path) => ({ index, path })) : []));
  const chosen = places[place % places.length];
  if (chosen === undefined) throw new Error('the host printed nothing');
  const { index, path } = chosen;
  return lines.with(index, JSON.stringify(replaced(JSON.parse(lines[index] ?? ''), path, oddity))).join('\n');
}

function leavesOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member).map((path) => [name, ...path]));
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const change = (member: unknown, key: string) => (key === name ? replaced(member, rest, by) : member);
  if (Array.isArray(value)) return value.map((member, index) => change(member, String(index)));
  return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, change(member, key)]));
}

/** Undefined where it makes no sense: then that host cannot be worked with. */
function understood(...[questions, output]: Parameters<typeof observe>): ObservedHost | undefined {
  try {
    return observe(questions, output);
  } catch {
    return undefined;
  }
}

function plansFor(hosts: ReadonlyMap<string, ObservedHost>, tunnels: readonly Tunnel[]): readonly TunnelPlan[] {
  const observation = { hosts, addresses: new Map(), foreignDevices: 'adopt', keys: keysFor(tunnels) } as const;
  const strays = findStrays(hosts, new Set(tunnels.map(({ name }) => name))).map(({ tunnel }) => tunnel);
  return [
    ...tunnels.map((tunnel) => planPresence(tunnel, observation)),
    ...[...tunnels, ...strays].map((tunnel) => planAbsence(tunnel, observation)),
  ];
}

/** Everything that a run would send to any host. */
function textsOf(plans: readonly TunnelPlan[]): readonly string[] {
  const { scripts } = openTransaction(plans, new Map(), { request: aRequest({ tunnels: [] }), world: { now: () => 0 } as World });
  const all = new Set(plans.map(({ tunnel }) => tunnel.name));
  return [...scripts.values()].flatMap((script) => [
    prepareScript(script, { deadlineSeconds: 60, owner: 'test' }),
    applyScript(script, all, 4),
    ...inverseCommands(script.tunnels.flatMap(({ steps }) => steps)),
  ]);
}

describe('one odd answer of a host', () => {
  it('is that host’s own failure, or does no harm to the plans and scripts of any', () => {
    const seen = { refused: 0, planned: 0 };
    fc.assert(
      fc.property(WORLD, ({ earlier, drift, next, host, ...odd }) => {
        const kernels: ReadonlyMap<string, FakeKernel> = threeHosts();
        withTunnels(kernels, earlier);
        for (const { host: where, command } of drift) kernels.get(where)?.ip(command.split(' '));
        const kernel = kernels.get(host);
        if (kernel === undefined) throw new Error(`no kernel ${host}`);
        const { questions, output } = factsFor(kernel, host, next);
        const observed = understood(questions, withOddity(output, odd));
        if (observed === undefined) return void seen.refused++;
        seen.planned += textsOf(plansFor(new Map([...observeAll(kernels, next), [host, observed]]), next)).length;
      }),
      { numRuns: 40 },
    );
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.planned).toBeGreaterThan(0);
  }, 300_000);
});
