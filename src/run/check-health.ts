import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { gatherScript } from '../facts/observe.ts';
import { planPresence } from '../plan/plan-tunnel.ts';
import { expectationsOf } from '../verify/expectation.ts';
import { probeScript, readProbes, type Echo } from '../verify/probe.ts';
import { type Member, onEach, type PerHost, successes } from './crew.ts';
import type { TunnelOutcome, TunnelRecap } from './events.ts';
import { problemOf } from './failure-problem.ts';
import { questionsFor, understood } from './gather.ts';
import type { Group } from './groups.ts';
import { isHostProblem } from './outcome.ts';
import { judgeTunnel, probeTimeoutMs } from './verify-tunnels.ts';
import { HostFailure } from '../errors/host-failure.ts';
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

/** Facts and probes in one round trip. */
async function listen(host: string, group: Group, { request, world }: Context): Promise<Heard> {
  const declared = request.hosts.get(host);
  if (declared === undefined) throw new Error(`the inventory has no host ${host}`);
  const session = await world.transport.connect(declared, world.interrupt);
  try {
    const questions = questionsFor(host, group.tunnels, request);
    const expectations = group.tunnels
      .filter(({ state }) => state === 'present')
      .flatMap(expectationsOf)
      .filter((expectation) => expectation.host === host);
    const reply = await session.run([probeScript(expectations), gatherScript(questions)].join('\n'), { timeoutMs: probeTimeoutMs(expectations) });
    return { host, session, questions, observed: understood(questions, session, reply.stdout), echoes: readProbes(reply.stdout) };
  } finally {
    await session.close();
  }
}

function judgeHealth(tunnel: Tunnel, heard: PerHost<Heard>, { request, world }: Context): TunnelRecap {
  const unheard = tunnel.endpoints.flatMap(({ host }) => {
    const result = heard.get(host);
    return result instanceof HostFailure ? [problemOf(result)] : [];
  });
  if (unheard.length > 0) return { tunnel: tunnel.name, outcome: 'unreachable', changes: 0, problems: unheard };
  const members = successes(heard);
  const plan = planPresence(tunnel, { hosts: new Map([...members].map(([host, { observed }]) => [host, observed])), addresses: request.addresses });
  const drift = plan.changes.map(({ host, action, object, differences = [] }): Problem => ({
    code: 'verify.drift',
    host,
    message: `not as declared: ${action} ${object}${differences.length === 0 ? '' : ` (${differences.map(({ name, from, to }) => `${name} ${from ?? 'unset'} → ${to ?? 'unset'}`).join(', ')})`}`,
    hint: 'Run `tunorch up` to bring it back.',
  }));
  const judgement = judgeTunnel(tunnel, new Map([...members].map(([host, { echoes }]) => [host, echoes])), world);
  const broken = [...plan.problems, ...judgement.problems, ...drift];
  const outcome: TunnelOutcome = broken.some(isHostProblem) ? 'unreachable' : broken.length > 0 ? 'failed' : judgement.degradations.length > 0 ? 'degraded' : 'ok';
  return { tunnel: tunnel.name, outcome, changes: 0, problems: [...broken, ...judgement.degradations] };
}
