import type { Problem } from '../domain/problem.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import type { HostScript } from '../script/journal.ts';
import { expectationsOf } from '../verify/expectation.ts';
import type { Crew, Member } from './crew.ts';
import { hostsOf } from './groups.ts';
import type { Context } from './world.ts';

/** One transaction: the tunnels of a group that have something to do, and the hosts they are on. */
export interface Transaction extends Context {
  readonly crew: Crew;
  readonly plans: readonly TunnelPlan[];
  /** By host. */
  readonly scripts: ReadonlyMap<string, HostScript>;
  /** When the hosts' own timers have all fired for certain, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How far each tunnel has come; one with problems goes no further and is rolled back on both its hosts. */
export type Progress = ReadonlyMap<string, TunnelProgress>;

export interface TunnelProgress {
  readonly plan: TunnelPlan;
  /** Something may have been changed on a host. */
  readonly isBegun: boolean;
  readonly problems: readonly Problem[];
}

/** Seconds after its deadline in which a host settles what it was left with (journal.ts), and some to spare. */
const SETTLING_SECONDS = 5;

export function openTransaction(plans: readonly TunnelPlan[], crew: Crew, context: Context): Transaction {
  const hosts = hostsOf(plans.map(({ tunnel }) => tunnel));
  const expiresAt = context.world.now() + (context.request.deadlineSeconds + SETTLING_SECONDS) * 1000;
  return { ...context, crew, plans, expiresAt, scripts: new Map(hosts.map((host) => [host, scriptFor(host, plans, context)])) };
}

function scriptFor(host: string, plans: readonly TunnelPlan[], { request }: Context): HostScript {
  const mine = plans.filter(({ tunnel }) => tunnel.endpoints.some((end) => end.host === host));
  return {
    host,
    run: request.runId,
    tunnels: mine.map((plan) => ({
      tunnel: plan.tunnel.name,
      steps: plan.steps.filter((step) => step.host === host),
      targets: isRemoval(plan)
        ? []
        : expectationsOf(plan.tunnel).flatMap((one) => (one.host === host ? one.targets.map((address) => ({ device: one.device, address })) : [])),
    })),
  };
}

/** A removal has no endpoints to carry anything, and nobody to hear. */
export function isRemoval({ endpoints }: TunnelPlan): boolean {
  return endpoints === undefined;
}

export function begin({ plans }: Transaction): Progress {
  return new Map(plans.map((plan) => [plan.tunnel.name, { plan, isBegun: false, problems: [] }]));
}

/** Adds what went wrong to the tunnels it concerns. */
export function withProblems(progress: Progress, find: (tunnel: TunnelProgress) => readonly Problem[]): Progress {
  return new Map([...progress].map(([name, tunnel]) => [name, { ...tunnel, problems: [...tunnel.problems, ...find(tunnel)] }]));
}

/** Tunnels without problems so far. */
export function sound(progress: Progress): readonly TunnelProgress[] {
  return [...progress.values()].filter(({ problems }) => problems.length === 0);
}

export function isEndOf({ plan }: TunnelProgress, host: string): boolean {
  return plan.tunnel.endpoints.some((end) => end.host === host);
}

export function memberOf({ crew }: Transaction, host: string): Member {
  const member = crew.get(host);
  if (member === undefined) throw new Error(`${host} is not in the crew`);
  return member;
}

export function scriptOf({ scripts }: Transaction, host: string): HostScript {
  const script = scripts.get(host);
  if (script === undefined) throw new Error(`no script was made for ${host}`);
  return script;
}
