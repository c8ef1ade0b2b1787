import type { Endpoint } from '../domain/endpoint.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { planPresence, type TunnelPlan } from '../plan/plan-tunnel.ts';
import { assumedEndpoints } from './assumed-endpoints.ts';
import { type Crew, type Member, observedIn, orFailure, successes, tellFailure } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
import type { Phase, TunnelRecap } from './events.ts';
import { hostProblems, interruption, problemOf } from './failure-problem.ts';
import { gather } from './gather.ts';
import type { Group } from './groups.ts';
import type { Context, InTurn } from './world.ts';

/** A look at one tunnel whose hosts were reached. */
export interface TunnelLook {
  readonly phase: Phase;
  readonly look: (tunnel: Tunnel, crew: Crew) => Promise<TunnelRecap>;
}

/** Looks at the tunnels of a group, one after the other, since what a host counts and sees is of all its tunnels. Changes nothing. */
export async function lookAtEach(
  group: Group,
  { context, inTurn }: { readonly context: Context; readonly inTurn: InTurn },
  how: TunnelLook,
): Promise<readonly TunnelRecap[]> {
  const gathered = await gather(group, context, inTurn);
  const crew = successes(gathered);
  const recaps: TunnelRecap[] = [];
  try {
    for (const tunnel of group.tunnels) {
      const unheard = hostProblems({ plan: { tunnel } }, gathered);
      const recap = unheard.length > 0 ? lookRecap(tunnel, 'unreachable', unheard) : await lookAt(tunnel, { crew, context }, how);
      recaps.push(recap);
      context.world.report({ type: 'tunnel-finished', recap });
    }
    return recaps;
  } finally {
    await Promise.all([...crew.values()].map(({ session }) => session.close()));
  }
}

/** A tunnel that is to be absent carries nothing, and a run that is interrupted looks no further. */
async function lookAt(
  tunnel: Tunnel,
  { crew, context: { world } }: { readonly crew: Crew; readonly context: Context },
  { phase, look }: TunnelLook,
): Promise<TunnelRecap> {
  if (tunnel.state === 'absent') return lookRecap(tunnel, 'ok', []);
  if (world.interrupt.aborted) return lookRecap(tunnel, 'unreachable', interruption(world.interrupt));
  world.report({ type: 'tunnel-phase', tunnel: tunnel.name, phase, state: 'started' });
  const recap = await orFailure(look(tunnel, crew));
  if (!(recap instanceof HostFailure)) return recap;
  tellFailure(recap, world);
  return lookRecap(tunnel, 'unreachable', [problemOf(recap)]);
}

export function lookRecap({ name }: Tunnel, outcome: TunnelRecap['outcome'], problems: readonly Problem[]): TunnelRecap {
  return { tunnel: name, outcome, changes: 0, problems };
}

/** A tunnel as its hosts could be asked about it. */
export interface Approach {
  readonly plan: TunnelPlan;
  readonly members: readonly [Member, Member];
  /** Absent where nobody says where an end is. */
  readonly endpoints?: readonly [Endpoint, Endpoint];
}

/** What both ends should be, whether or not the tunnel could be made so. */
export function approach(tunnel: Tunnel, crew: Crew, { request, world }: Context): Approach {
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
  return { plan, members: [first, second], ...(endpoints === undefined ? {} : { endpoints }) };
}
