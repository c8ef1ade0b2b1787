import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../src/domain/address.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { type CommandLine, commandsOf } from '../../../src/plan/commands.ts';
import type { Step } from '../../../src/plan/operation.ts';
import { planAbsence, planPresence, type TunnelPlan } from '../../../src/plan/plan-tunnel.ts';
import { compareSnapshots } from '../../../src/plan/snapshot.ts';
import { inverseOperations } from '../../../src/script/inverse.ts';
import { keysFor } from '../../support/builders-keys.ts';
import { DRIFT, HOSTS, INVENTORY, threeHosts } from '../../support/builders-worlds.ts';
import type { FakeKernel } from '../../support/fake-kernel.ts';
import { observeAll, observeFor } from '../../support/fake-kernel-observe.ts';
import { runCommand, runInverse } from '../../support/fake-kernel-operations.ts';

type Kernels = ReadonlyMap<string, FakeKernel>;

/** The same worlds in each run; `TUNORCH_SEED` chooses others, `TUNORCH_RUNS` more of them. */
const RUNS = { numRuns: Number(process.env.TUNORCH_RUNS ?? 40), seed: Number(process.env.TUNORCH_SEED ?? 20261121) };

function plansFor(kernels: Kernels, tunnels: readonly Tunnel[]): readonly TunnelPlan[] {
  const observation = { hosts: observeAll(kernels, tunnels), addresses: new Map(), foreignDevices: 'adopt', keys: keysFor(tunnels) } as const;
  return tunnels.map((tunnel) => (tunnel.state === 'present' ? planPresence(tunnel, observation) : planAbsence(tunnel, observation)));
}

function kernelOf(kernels: Kernels, host: string): FakeKernel {
  const kernel = kernels.get(host);
  if (kernel === undefined) throw new Error(`no kernel ${host}`);
  return kernel;
}

/** Applies sound plans; every operation must be accepted, since the plan said it could be done. */
function apply(kernels: Kernels, plans: readonly TunnelPlan[]): void {
  for (const { steps } of plans) {
    for (const step of steps) for (const command of commandsIn(step)) expectAccepted(kernelOf(kernels, step.host), command, step);
  }
}

/** Nobody can take them back any more, so what waited for that is done. */
function keep(kernels: Kernels, plans: readonly TunnelPlan[]): void {
  for (const { host, final = [] } of plans.flatMap(({ steps }) => steps)) for (const one of final) runInverse(kernelOf(kernels, host), one);
}

function commandsIn({ forward }: Step): readonly CommandLine[] {
  return forward.flatMap(commandsOf);
}

function expectAccepted(kernel: FakeKernel, command: CommandLine, { title }: Step): void {
  const answer = runCommand(kernel, command);
  expect({ title, command: command.line, ...answer }).toEqual({ title, command: command.line, status: 0, stdout: '', stderr: '' });
}

function undo(kernel: FakeKernel, steps: readonly Step[]): void {
  for (const operation of inverseOperations(steps)) runInverse(kernel, operation);
}

/**
 * A loaded module stays; forwarding and ports are released only when the link with its mark is gone; a link that goes down again
 * drops the new IPv6 addresses, which are to go anyway; and an IPv6 address with a peer, added while its link was down, gets the
 * route to the peer only when it is added once more while the link is up, which is over when the link goes down again.
 */
function isItsOwn({ inverse }: Step): boolean {
  const isLeftToOthers = (one: Step['inverse'][number]) =>
    one.kind === 'release-forwarding' ||
    one.kind === 'release-port' ||
    one.kind === 'set-state' ||
    (one.kind === 'add-address' && one.address.peer !== undefined && familyOf(one.address.address) === 6);
  return inverse.length > 0 && !inverse.some(isLeftToOthers);
}

function takenBack(kernel: FakeKernel, { inverse }: Step): readonly string[] {
  const copy = kernel.clone();
  for (const operation of inverse) runInverse(copy, operation);
  return copy.snapshot();
}

function on(host: string, { steps }: TunnelPlan): readonly Step[] {
  return steps.filter((step) => step.host === host);
}

/** What an earlier run made, and what somebody typed since. */
const WORLD = fc.record({ earlier: INVENTORY, drift: DRIFT });
type World = typeof WORLD extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function kernelsIn({ earlier, drift }: World): Kernels {
  const kernels = threeHosts();
  const plans = plansFor(kernels, earlier);
  apply(kernels, plans);
  keep(kernels, plans);
  for (const { host, command } of drift) kernelOf(kernels, host).ip(command.split(' '));
  return kernels;
}

const NEXT = fc.oneof(
  INVENTORY,
  INVENTORY.map((tunnels) => tunnels.map((tunnel): Tunnel => ({ ...tunnel, state: 'absent' }))),
);

describe('a plan', () => {
  it('reaches what was wanted, and planning again gives nothing to do', () => {
    fc.assert(
      fc.property(WORLD, NEXT, (world, tunnels) => {
        const kernels = kernelsIn(world);
        const sound = plansFor(kernels, tunnels).filter(({ problems }) => problems.length === 0);
        apply(kernels, sound);
        keep(kernels, sound);
        const again = plansFor(kernels, tunnels).filter(({ tunnel }) => sound.some((plan) => plan.tunnel === tunnel));
        expect(again.flatMap(({ steps }) => steps.map(({ title }) => title))).toEqual([]);
        expect(again.flatMap(({ changes }) => changes)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('has a way back from every place it can stop at', () => {
    fc.assert(
      fc.property(WORLD, NEXT, fc.constantFrom(...HOSTS), (world, tunnels, host) => {
        const kernels = kernelsIn(world);
        const kernel = kernelOf(kernels, host);
        const before = kernel.snapshot();
        for (const plan of plansFor(kernels, tunnels)) {
          const steps = on(host, plan);
          const commands = steps.flatMap(commandsIn);
          for (let stop = 0; stop <= commands.length; stop += 1) {
            const copy = kernel.clone();
            for (const command of commands.slice(0, stop)) runCommand(copy, command);
            undo(copy, steps);
            const refused = commands[stop]?.line ?? 'none';
            expect({ refused, state: copy.snapshot() }).toEqual({ refused, state: before });
          }
        }
      }),
      RUNS,
    );
  });

  it('can be taken back with all others of the run, last first', () => {
    fc.assert(
      fc.property(WORLD, NEXT, (world, tunnels) => {
        const kernels = kernelsIn(world);
        const before = [...kernels.values()].map((kernel) => kernel.snapshot());
        const plans = plansFor(kernels, tunnels);
        apply(kernels, plans);
        for (const [host, kernel] of kernels) for (const plan of plans.toReversed()) undo(kernel, on(host, plan));
        expect([...kernels.values()].map((kernel) => kernel.snapshot())).toEqual(before);
      }),
      RUNS,
    );
  });

  it('can be taken back alone, and the others hold as if it had never been', () => {
    fc.assert(
      fc.property(WORLD, NEXT, fc.nat(), (world, tunnels, which) => {
        const kernels = kernelsIn(world);
        const plans = plansFor(kernels, tunnels);
        if (plans.length === 0) return;
        const failing = plans[which % plans.length];
        const alone = new Map([...kernels].map(([host, kernel]) => [host, kernel.clone()]));
        apply(
          alone,
          plans.filter((plan) => plan !== failing),
        );
        apply(kernels, plans);
        for (const [host, kernel] of kernels) if (failing !== undefined) undo(kernel, on(host, failing));
        expect([...kernels.values()].map((kernel) => kernel.snapshot())).toEqual([...alone.values()].map((kernel) => kernel.snapshot()));
      }),
      RUNS,
    );
  });
});

describe('a step', () => {
  it('and its way back together change nothing', () => {
    fc.assert(
      fc.property(WORLD, NEXT, (world, tunnels) => {
        const kernels = kernelsIn(world);
        for (const step of plansFor(kernels, tunnels).flatMap(({ steps }) => steps)) {
          const kernel = kernelOf(kernels, step.host);
          const before = kernel.snapshot();
          for (const command of commandsIn(step)) runCommand(kernel, command);
          if (isItsOwn(step)) expect({ title: step.title, state: takenBack(kernel, step) }).toEqual({ title: step.title, state: before });
        }
      }),
      RUNS,
    );
  });
});

describe('what is observed', () => {
  it('differs from itself in nothing', () => {
    fc.assert(
      fc.property(WORLD, fc.constantFrom(...HOSTS), (world, host) => {
        const kernels = kernelsIn(world);
        const { earlier } = world;
        const observed = observeFor(kernelOf(kernels, host), host, earlier);
        expect(compareSnapshots(observed, observed)).toEqual([]);
        expect(compareSnapshots(observed, observeFor(kernelOf(kernels, host), host, earlier))).toEqual([]);
      }),
      RUNS,
    );
  });
});
