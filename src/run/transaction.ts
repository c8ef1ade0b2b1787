import type { Attributes } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import type { TunnelEnd } from '../domain/tunnel.ts';
import type { Operation, Step } from '../plan/operation.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { writtenAddresses } from '../plan/restore.ts';
import { type HostScript, type HostTunnel, secondRoundSeconds, settleAfterSeconds, timerSeconds } from '../script/journal.ts';
import { expectationsOf } from '../verify/expectation.ts';
import type { Crew, Member } from './crew.ts';
import { byHost, endsOf } from './groups.ts';
import type { Context } from './world.ts';

/** One transaction: the tunnels of a group that have something to do, and the hosts they are on. */
export interface Transaction extends Context {
  readonly crew: Crew;
  readonly plans: readonly TunnelPlan[];
  /** By host. */
  readonly scripts: ReadonlyMap<string, HostScript>;
  /** Seconds a host waits for the commit; each timer fires a little earlier, see {@link timerSeconds}. */
  readonly deadlineSeconds: number;
  /** Milliseconds since the epoch, before any host was prepared: until {@link timerSeconds} after it no timer has fired. */
  readonly startedAt: number;
}

/** A transaction whose hosts are prepared, so that it is known when their timers will have fired. */
export interface ArmedTransaction extends Transaction {
  /** Seconds between the moment a host's timer fires and the one it decides alone; see script/journal.ts. */
  readonly settleAfter: number;
  /** Until then, in milliseconds since the epoch, the controller may still take a commit back: no host decides alone yet. */
  readonly doubtEndsAt: number;
  /** From then on every host that runs has decided. */
  readonly decidedAt: number;
}

/** How far each tunnel has come; one with problems goes no further and is rolled back on both its hosts. */
export type Progress = ReadonlyMap<string, TunnelProgress>;

export interface TunnelProgress {
  readonly plan: TunnelPlan;
  /** Something may have been changed on a host. */
  readonly isBegun: boolean;
  readonly problems: readonly Problem[];
}

export function openTransaction(plans: readonly TunnelPlan[], crew: Crew, context: Context): Transaction {
  const mine = byHost(plans, ({ tunnel }) => endsOf(tunnel));
  return {
    ...context,
    crew,
    plans,
    startedAt: context.world.now(),
    deadlineSeconds: context.request.deadlineSeconds ?? expectedSeconds(plans) + SPARE_SECONDS,
    scripts: new Map([...mine].map(([host, plansOn]) => [host, scriptFor(host, plansOn, { ...context, crew })])),
  };
}

/** What a deadline has beyond the expected time: for slow hosts, and for meeting again one that was lost. */
const SPARE_SECONDS = 60;

/** The packets that have to cross, and for a hub with many tunnels the time to make them. */
function expectedSeconds(plans: readonly TunnelPlan[]): number {
  const probing = plans.filter((plan) => !isRemoval(plan)).map(({ tunnel: { verify } }) => verify.count * verify.intervalSeconds);
  return Math.ceil(Math.max(0, ...probing) + plans.length / 10 + commandSeconds(plans.flatMap(({ steps }) => steps)));
}

/** Seconds that commands of a playbook and checks by other programs among these steps may take, one after the other. */
export function commandSeconds(steps: readonly Step[]): number {
  return steps.flatMap(({ forward }) => forward).reduce((sum, operation) => sum + secondsOf(operation), 0);
}

/** A small computer may take this long to start `netplan`. */
const CHECK_SECONDS = 15;

function secondsOf(operation: Operation): number {
  if (operation.kind === 'check-file') return CHECK_SECONDS;
  return operation.kind === 'run-command' ? operation.seconds : 0;
}

/** Seconds a deciding host may take to ask its peers and to undo, some to spare. */
const DECIDING_SECONDS = 8;

/** Whether a word of the controller still counts: afterwards hosts may have decided alone, and it only looks. */
export function mayOrder({ world, doubtEndsAt }: ArmedTransaction): boolean {
  return world.now() < doubtEndsAt;
}

/** Of the deadline, what has to be left for a commit: both ends have to hear it, and one may have to be told again. */
const COMMIT_SECONDS = 5;

/** Until then, in milliseconds since the epoch, a commit may be begun or said again: enough is left to take it back. */
export function commitsEndAt({ doubtEndsAt, deadlineSeconds }: ArmedTransaction): number {
  return doubtEndsAt - Math.min(COMMIT_SECONDS, timerSeconds(deadlineSeconds) / 4) * 1000;
}

/** To be called when the last host has answered that it is prepared. */
export function armed(transaction: Transaction): ArmedTransaction {
  const { deadlineSeconds, world, scripts, startedAt } = transaction;
  const preparedAt = world.now();
  const all = [...scripts.values()].map(({ tunnels }) => tunnels);
  const mostTunnels = Math.max(0, ...all.map(({ length }) => length));
  const removals = Math.max(0, ...all.map((tunnels) => tunnels.filter(({ evidence }) => evidence === 'peer-is-silent').length));
  const settleAfter = settleAfterSeconds((preparedAt - startedAt) / 1000, mostTunnels);
  const firesAfter = timerSeconds(deadlineSeconds);
  const secondRound = settleAfter + secondRoundSeconds(removals) + DECIDING_SECONDS;
  return {
    ...transaction,
    settleAfter,
    doubtEndsAt: startedAt + firesAfter * 1000,
    decidedAt: preparedAt + (firesAfter + settleAfter + DECIDING_SECONDS + (removals === 0 ? 0 : secondRound)) * 1000,
  };
}

function scriptFor(host: string, mine: readonly TunnelPlan[], { request, crew }: Context & { readonly crew: Crew }): HostScript {
  return {
    host,
    run: request.runId,
    tunnels: mine.map((plan) => ({
      tunnel: plan.tunnel.name,
      steps: plan.steps.filter((step) => step.host === host),
      evidence: evidenceOf(plan, crew),
      asksLast: plan.tunnel.endpoints[0].host !== host,
      targets: targetsOn(host, plan, crew),
    })),
  };
}

/**
 * Whether an answer through the tunnel tells that the other end was kept: only if there is an address to ask, and undoing the
 * steps of either end would silence it. An end without steps, or with none that has a way back, has nothing it could undo. Of a removal it tells that the other
 * end was not, if both had one.
 */
function evidenceOf(plan: TunnelPlan, crew: Crew): HostTunnel['evidence'] {
  const { endpoints } = plan.tunnel;
  if (endpoints.some(({ host }) => targetsOn(host, plan, crew).length === 0)) return 'none';
  if (isRemoval(plan)) return isBetweenHosts(plan) && endpoints.every(({ host }) => onlyRemovesLink(plan, host)) ? 'peer-is-silent' : 'none';
  const isTelling = endpoints.every(({ host }) => {
    const steps = plan.steps.filter((step) => step.host === host && step.inverse.length > 0);
    const inverse = steps.flatMap((step) => step.inverse);
    return steps.length === 0 || steps.some(({ forward }) => forward.some((operation) => silencesWhenUndone(operation, inverse)));
  });
  return isTelling ? 'peer-answers' : 'none';
}

/** The peer's inner addresses, as declared; of a tunnel that is removed, as both ends have them still. */
function targetsOn(host: string, plan: TunnelPlan, crew: Crew): HostTunnel['targets'] {
  const { tunnel } = plan;
  const [one, other] = tunnel.endpoints;
  const asked = isRemoval(plan) ? { ...tunnel, endpoints: [asFound(one, crew), asFound(other, crew)] as const } : tunnel;
  return expectationsOf(asked).flatMap(({ host: from, device, targets }) => (from === host ? targets.map((address) => ({ device, address })) : []));
}

function asFound(end: TunnelEnd, crew: Crew): TunnelEnd {
  const link = linkOn(crew.get(end.host)?.observed.links ?? [], end.device);
  return { ...end, addresses: link === undefined ? [] : writtenAddresses(link) };
}

function isBetweenHosts({ tunnel: { endpoints } }: TunnelPlan): boolean {
  return endpoints[0].host !== endpoints[1].host;
}

/** Not where the way back of a playbook makes another link in its place, nor where commands belong to it, which are not to run twice. */
function onlyRemovesLink({ steps }: TunnelPlan, host: string): boolean {
  const mine = steps.filter((step) => step.host === host);
  const kinds = new Set(mine.flatMap(({ forward }) => forward.map(({ kind }) => kind)));
  const hasCommand = mine.some(({ forward, inverse }) => [...forward, ...inverse].some(({ kind }) => kind === 'run-command'));
  return kinds.has('delete-link') && !kinds.has('add-link') && !kinds.has('change-link') && !hasCommand;
}

const SILENCING = ['local', 'remote', 'ikey', 'okey', 'icsum', 'ocsum', 'iseq', 'oseq', 'proto', 'id', 'dstport'];

/** The link a new one takes the place of may well talk to the peer's new one. */
function silencesWhenUndone(operation: Operation, inverse: readonly Operation[]): boolean {
  if (operation.kind === 'add-link') {
    const old = inverse.flatMap((one) => (one.kind === 'add-link' && one.link.device === operation.link.device ? [one.link] : []))[0];
    return old === undefined || old.mode !== operation.link.mode || isSilenced(old.attributes, operation.link.attributes);
  }
  if (operation.kind === 'add-association' || operation.kind === 'add-policy') return true;
  return operation.kind === 'change-link' && isSilenced(operation.from, operation.to);
}

function isSilenced(one: Attributes, other: Attributes): boolean {
  return SILENCING.some((name) => one[name] !== other[name]);
}

/** A removal has no endpoints to carry anything, and nobody to hear. */
export function isRemoval({ endpoints }: TunnelPlan): boolean {
  return endpoints === undefined;
}

export function begin({ plans }: Transaction): Progress {
  return new Map(plans.map((plan) => [plan.tunnel.name, { plan, isBegun: false, problems: [] }]));
}

/** Whether a tunnel that failed is to stay as it is; who interrupts the run wants it gone all the same. */
export function isLeft({ request, world }: Transaction, { isBegun }: TunnelProgress): boolean {
  return request.onFailure === 'leave' && isBegun && !world.interrupt.aborted;
}

/** Adds what went wrong to the tunnels it concerns. */
export function withProblems(progress: Progress, find: (tunnel: TunnelProgress) => readonly Problem[]): Progress {
  return new Map([...progress].map(([name, tunnel]) => [name, { ...tunnel, problems: [...tunnel.problems, ...find(tunnel)] }]));
}

/** Tunnels without problems so far. */
export function sound(progress: Progress): readonly TunnelProgress[] {
  return [...progress.values()].filter(({ problems }) => problems.length === 0);
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
