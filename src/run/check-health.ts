import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { gatherScript } from '../facts/observe.ts';
import { planAbsence, planPresence } from '../plan/plan-tunnel.ts';
import type { Session } from '../transport/transport.ts';
import { type Expectation, expectationsOf } from '../verify/expectation.ts';
import type { Judgement } from '../verify/judge.ts';
import { type Echo, probeScript, readProbes } from '../verify/probe.ts';
import { type Member, onEach, type PerHost, successes } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
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
    return { host, session, questions, observed, echoes: await probe(session, expectations) };
  } finally {
    await session.close();
  }
}

/** A host whose tunnels are all to be absent has nothing to send. */
async function probe(session: Session, expectations: readonly Expectation[]): Promise<readonly Echo[]> {
  if (expectations.length === 0) return [];
  return readProbes((await session.run(probeScript(expectations), { timeoutMs: probeTimeoutMs(expectations) })).stdout);
}

function judgeHealth(tunnel: Tunnel, heard: PerHost<Heard>, { request, world }: Context): TunnelRecap {
  const unheard = hostProblems({ plan: { tunnel } }, heard);
  if (unheard.length > 0) return { tunnel: tunnel.name, outcome: 'unreachable', changes: 0, problems: unheard };
  const members = successes(heard);
  const isPresent = tunnel.state === 'present';
  const plan = (isPresent ? planPresence : planAbsence)(tunnel, {
    hosts: new Map([...members].map(([host, { observed }]) => [host, observed])),
    addresses: request.addresses,
    foreignDevices: 'refuse',
    keys: { drawn: drawKeys([tunnel], world), isRenewed: false },
  });
  const heardBy = new Map([...members].map(([host, { echoes }]) => [host, echoes]));
  const judgement = isPresent ? judgeTunnel(tunnel, heardBy, world) : NOTHING_HEARD;
  const broken = [...plan.problems, ...judgement.problems, ...plan.changes.map(drifted)];
  return { tunnel: tunnel.name, outcome: outcomeOf(broken, judgement), changes: 0, problems: [...broken, ...judgement.degradations] };
}

/** A tunnel that is to be absent is well when it is not there. */
const NOTHING_HEARD: Pick<Judgement, 'problems' | 'degradations'> = { problems: [], degradations: [] };

function outcomeOf(broken: readonly Problem[], { degradations }: Pick<Judgement, 'degradations'>): TunnelOutcome {
  if (broken.some(isHostProblem)) return 'unreachable';
  if (broken.length > 0) return 'failed';
  return degradations.length > 0 ? 'degraded' : 'ok';
}
