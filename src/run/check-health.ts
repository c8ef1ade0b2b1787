import type { Tunnel } from '../domain/tunnel.ts';
import { gatherScript } from '../facts/observe.ts';
import { planPresence } from '../plan/plan-tunnel.ts';
import { expectationsOf } from '../verify/expectation.ts';
import { type Echo, probeScript, readProbes } from '../verify/probe.ts';
import { type Member, onEach, type PerHost, successes } from './crew.ts';
import type { TunnelOutcome, TunnelRecap } from './events.ts';
import { hostProblems } from './failure-problem.ts';
import { openingOutput, openSession, questionsFor, understood } from './gather.ts';
import type { Group } from './groups.ts';
import { tellLoneDecisions } from './lone-decisions.ts';
import { isHostProblem } from './outcome.ts';
import { drifted } from './problems.ts';
import { judgeTunnel, probeTimeoutMs } from './verify-tunnels.ts';
import type { Context, InTurn } from './world.ts';

type Heard = Member & { readonly echoes: readonly Echo[] };

/** Looks whether the tunnels of a group hold: kernel state against the declaration, and packets both ways. Changes nothing. */
export async function checkHealth(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  const heard = await onEach(group.hosts, { phase: 'verify', world: context.world }, (host) => inTurn(() => listen(host, group, context)));
  const recaps = group.tunnels.map((tunnel) => judgeHealth(tunnel, heard, context));
  for (const recap of recaps) {
    for (const problem of recap.problems) context.world.report({ type: 'problem', tunnel: recap.tunnel, problem });
    context.world.report({ type: 'tunnel-finished', recap });
  }
  return recaps;
}

async function listen(host: string, group: Group, context: Context): Promise<Heard> {
  const questions = questionsFor(host, group.tunnels, context.request);
  const expectations = group.tunnels
    .filter(({ state }) => state === 'present')
    .flatMap(expectationsOf)
    .filter((expectation) => expectation.host === host);
  const session = await openSession(host, context, gatherScript(questions));
  try {
    const observed = understood(questions, session, await openingOutput(session));
    tellLoneDecisions(observed, context.world);
    const { stdout } = await session.run(probeScript(expectations), { timeoutMs: probeTimeoutMs(expectations) });
    return { host, session, questions, observed, echoes: readProbes(stdout) };
  } finally {
    await session.close();
  }
}

function judgeHealth(tunnel: Tunnel, heard: PerHost<Heard>, { request, world }: Context): TunnelRecap {
  const unheard = hostProblems({ plan: { tunnel } }, heard);
  if (unheard.length > 0) return { tunnel: tunnel.name, outcome: 'unreachable', changes: 0, problems: unheard };
  const members = successes(heard);
  const plan = planPresence(tunnel, {
    hosts: new Map([...members].map(([host, { observed }]) => [host, observed])),
    addresses: request.addresses,
    foreignDevices: 'refuse',
  });
  const drift = plan.changes.map(drifted);
  const judgement = judgeTunnel(tunnel, new Map([...members].map(([host, { echoes }]) => [host, echoes])), world);
  const broken = [...plan.problems, ...judgement.problems, ...drift];
  const outcome: TunnelOutcome = broken.some(isHostProblem)
    ? 'unreachable'
    : broken.length > 0
      ? 'failed'
      : judgement.degradations.length > 0
        ? 'degraded'
        : 'ok';
  return { tunnel: tunnel.name, outcome, changes: 0, problems: [...broken, ...judgement.degradations] };
}
