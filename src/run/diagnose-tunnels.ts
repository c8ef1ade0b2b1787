import { diagnose } from '../diagnose/diagnose.ts';
import type { Cure, Diagnosis, Finding } from '../diagnose/finding.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { planPresence } from '../plan/plan-tunnel.ts';
import { assumedEndpoints } from './assumed-endpoints.ts';
import { type Crew, observedIn, orFailure, successes, tellFailure } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
import type { TunnelRecap } from './events.ts';
import { examine } from './examine.ts';
import { hostProblems, problemOf } from './failure-problem.ts';
import { gather } from './gather.ts';
import type { Group } from './groups.ts';
import type { Context, InTurn } from './world.ts';

/** Looks into the tunnels of a group, one after the other, since what a host counts is of all its tunnels. Changes nothing. */
export async function diagnoseTunnels(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  const gathered = await gather(group, context, inTurn);
  const crew = successes(gathered);
  const recaps: TunnelRecap[] = [];
  try {
    for (const tunnel of group.tunnels) {
      const unheard = hostProblems({ plan: { tunnel } }, gathered);
      recaps.push(unheard.length > 0 ? recapOf(tunnel, 'unreachable', unheard) : await lookInto(tunnel, crew, context));
      context.world.report({ type: 'tunnel-finished', recap: recaps.at(-1) as TunnelRecap });
    }
    return recaps;
  } finally {
    await Promise.all([...crew.values()].map(({ session }) => session.close()));
  }
}

/** A tunnel that is to be absent carries nothing, and a run that is interrupted looks no further. */
async function lookInto(tunnel: Tunnel, crew: Crew, context: Context): Promise<TunnelRecap> {
  const { world } = context;
  if (tunnel.state === 'absent') return recapOf(tunnel, 'ok', []);
  if (world.interrupt.aborted) return recapOf(tunnel, 'unreachable', []);
  world.report({ type: 'tunnel-phase', tunnel: tunnel.name, phase: 'diagnose', state: 'started' });
  const diagnosis = await orFailure(diagnoseTunnel(tunnel, crew, { context }));
  if (diagnosis instanceof HostFailure) {
    tellFailure(diagnosis, world);
    return recapOf(tunnel, 'unreachable', [problemOf(diagnosis)]);
  }
  world.report({ type: 'diagnosis', diagnosis });
  return recapOf(tunnel, diagnosis.isHealthy ? 'ok' : 'failed', problemsOf(diagnosis));
}

interface Looking {
  readonly context: Context;
  /** Milliseconds that may still be spent; left out: there is no hurry. */
  readonly timeLeftMs?: () => number;
}

/** @throws HostFailure - a host was lost meanwhile; OutOfTime */
export async function diagnoseTunnel(tunnel: Tunnel, crew: Crew, { context: { request, world }, timeLeftMs }: Looking): Promise<Diagnosis> {
  const hosts = observedIn(crew);
  const plan = planPresence(tunnel, {
    hosts,
    addresses: request.addresses,
    foreignDevices: 'adopt',
    keys: { drawn: drawKeys([tunnel], world), isRenewed: false },
  });
  const endpoints = plan.endpoints ?? assumedEndpoints(tunnel, hosts, request.addresses);
  const [first, second] = tunnel.endpoints.map(({ host }) => crew.get(host));
  if (first === undefined || second === undefined) throw new Error(`${tunnel.name} has a host that was not gathered`);
  if (endpoints === undefined) return unresolved(tunnel, plan.problems);
  const inventories = request.inventories ?? [];
  return diagnose(await examine({ plan, endpoints, members: [first, second], inventories, ...(timeLeftMs === undefined ? {} : { timeLeftMs }) }));
}

/** Nobody says where an end is: then there is nothing to send to. */
function unresolved({ name }: Tunnel, problems: readonly Problem[]): Diagnosis {
  return {
    tunnel: name,
    isHealthy: false,
    findings: [],
    ruledOut: [],
    unseen: problems.map(({ host, message }) => `${host ?? name}: ${message}`),
    remarks: [],
  };
}

function recapOf({ name }: Tunnel, outcome: TunnelRecap['outcome'], problems: readonly Problem[]): TunnelRecap {
  return { tunnel: name, outcome, changes: 0, problems };
}

/** The findings as problems, for readers that know those only; codes are `doctor.` and the cause. */
function problemsOf({ isHealthy, findings, unseen }: Diagnosis): readonly Problem[] {
  if (isHealthy) return [];
  if (findings.length > 0) return findings.map(problemFrom);
  const hint = unseen.length === 0 ? 'Look with `tcpdump` on both hosts while you ping.' : `Could not be seen: ${unseen.join('; ')}.`;
  return [{ code: 'doctor.unknown', message: 'it does not carry packets as it should, and no cause that is known fits', hint }];
}

function problemFrom({ cause, host, message, cures, evidence }: Finding): Problem {
  return {
    code: `doctor.${cause}`,
    ...(host === undefined ? {} : { host }),
    message,
    hint: cures.map(cureWords).join(' '),
    ...(evidence.length === 0 ? {} : { words: evidence.join('\n') }),
  };
}

function cureWords({ host, words, commands }: Cure): string {
  return [
    ...(words === undefined ? [] : [words]),
    ...(commands.length === 0 ? [] : [`${host === undefined ? 'Here' : `On ${host}`}: ${commands.join(' && ')}`]),
  ].join(' ');
}
