import { diagnose } from '../diagnose/diagnose.ts';
import type { Cure, Diagnosis, Finding } from '../diagnose/finding.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { Crew } from './crew.ts';
import { approach, lookAtEach, lookRecap } from './each-tunnel.ts';
import type { TunnelRecap } from './events.ts';
import { examine } from './examine.ts';
import type { Group } from './groups.ts';
import type { Context, InTurn } from './world.ts';

/** Looks into the tunnels of a group. Changes nothing. */
export async function diagnoseTunnels(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  return lookAtEach(group, { context, inTurn }, { phase: 'diagnose', look: (tunnel, crew) => lookInto(tunnel, crew, context) });
}

async function lookInto(tunnel: Tunnel, crew: Crew, context: Context): Promise<TunnelRecap> {
  const diagnosis = await diagnoseTunnel(tunnel, crew, { context });
  context.world.report({ type: 'diagnosis', diagnosis });
  return lookRecap(tunnel, diagnosis.isHealthy ? 'ok' : 'failed', problemsOf(diagnosis));
}

interface Looking {
  readonly context: Context;
  /** Milliseconds that may still be spent; left out: there is no hurry. */
  readonly timeLeftMs?: () => number;
}

/** @throws HostFailure - a host was lost meanwhile; OutOfTime */
export async function diagnoseTunnel(tunnel: Tunnel, crew: Crew, { context, timeLeftMs }: Looking): Promise<Diagnosis> {
  const { plan, endpoints, members } = approach(tunnel, crew, context);
  if (endpoints === undefined) return unresolved(tunnel, plan.problems);
  const inventories = context.request.inventories ?? [];
  return diagnose(await examine({ plan, endpoints, members, inventories, ...(timeLeftMs === undefined ? {} : { timeLeftMs }) }));
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
