import type { ObservedHost } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { planAbsence, planPresence } from '../plan/plan-tunnel.ts';
import type { Session } from '../transport/transport.ts';
import { type Expectation, expectationsOf } from '../verify/expectation.ts';
import type { Judgement } from '../verify/judge.ts';
import { type Echo, probeScript, readProbes } from '../verify/probe.ts';
import { type Crew, failures, type Member, observedIn, onEach, type PerHost, successes } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
import type { TunnelOutcome, TunnelRecap } from './events.ts';
import { hostProblems } from './failure-problem.ts';
import { gather } from './gather.ts';
import { byHost, type Group } from './groups.ts';
import { isHostProblem } from './outcome.ts';
import { drifted } from './problems.ts';
import { type EchoesByTunnel, echoesByTunnel, judgeTunnel, probeTimeoutMs } from './verify-tunnels.ts';
import type { Context, InTurn } from './world.ts';

type Heard = Member & { readonly echoes: readonly Echo[] };

/**
 * Looks whether the tunnels of a group hold: kernel state against the declaration, and packets both ways. Changes nothing.
 *
 * Every host is read before any sends, since what an end asks for depends on what is behind its peer.
 */
export async function checkHealth(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  const gathered = await gather(group, context, inTurn);
  const crew = successes(gathered);
  try {
    const observed = observedIn(crew);
    const wanted = byHost(
      group.tunnels.filter(({ state }) => state === 'present').flatMap((tunnel) => expectationsOf(tunnel, observed)),
      ({ host }) => [host],
    );
    const heard = await onEach([...crew.keys()], { phase: 'verify', world: context.world }, (host) => listen(host, wanted.get(host) ?? [], crew));
    const results = new Map([...failures(gathered), ...heard]);
    const sights = { results, hosts: observed, echoes: echoesByTunnel(new Map([...successes(heard)].map(([host, { echoes }]) => [host, echoes]))) };
    const recaps = group.tunnels.map((tunnel) => judgeHealth(tunnel, sights, context));
    for (const recap of recaps) {
      for (const problem of recap.problems) context.world.report({ type: 'problem', tunnel: recap.tunnel, problem });
      context.world.report({ type: 'tunnel-finished', recap });
    }
    return recaps;
  } finally {
    await Promise.all([...crew.values()].map(({ session }) => session.close()));
  }
}

async function listen(host: string, expectations: readonly Expectation[], crew: Crew): Promise<Heard> {
  const member = crew.get(host);
  if (member === undefined) throw new Error(`${host} was not gathered`);
  return { ...member, echoes: await probe(member.session, expectations) };
}

/** A host whose tunnels are all to be absent has nothing to send. */
async function probe(session: Session, expectations: readonly Expectation[]): Promise<readonly Echo[]> {
  if (expectations.length === 0) return [];
  return readProbes((await session.run(probeScript(expectations), { timeoutMs: probeTimeoutMs(expectations) })).stdout);
}

/** What was seen and heard of all hosts of a group. */
interface Sights {
  readonly results: PerHost<Heard>;
  readonly hosts: ReadonlyMap<string, ObservedHost>;
  readonly echoes: EchoesByTunnel;
}

function judgeHealth(tunnel: Tunnel, { results, hosts, echoes }: Sights, { request, world }: Context): TunnelRecap {
  const unheard = hostProblems({ plan: { tunnel } }, results);
  if (unheard.length > 0) return { tunnel: tunnel.name, outcome: 'unreachable', changes: 0, problems: unheard };
  const isPresent = tunnel.state === 'present';
  const plan = (isPresent ? planPresence : planAbsence)(tunnel, {
    hosts,
    addresses: request.addresses,
    foreignDevices: 'refuse',
    keys: { drawn: drawKeys([tunnel], world), isRenewed: false },
  });
  const judgement = isPresent ? judgeTunnel(tunnel, { expectations: expectationsOf(tunnel, hosts), echoes }, world) : NOTHING_HEARD;
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
