import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { Host } from '../domain/host.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { isOfBusybox } from '../facts/network-state.ts';
import { gatherScript, observe, type Questions } from '../facts/observe.ts';
import { modeOf } from '../modes/index.ts';
import { modulesOf } from '../modes/modules.ts';
import { underlayQuestions } from '../plan/underlay.ts';
import type { Session } from '../transport/transport.ts';
import { type Crew, type Member, onEach, orFailure, type PerHost } from './crew.ts';
import { byHost, endsOf, type Group } from './groups.ts';
import { busyboxInstead, missingProgram, unreadableFacts } from './host-refusals.ts';
import { tellLoneDecisions } from './lone-decisions.ts';
import type { Context, InTurn, RunRequest, World } from './world.ts';

/**
 * What has to be known of one host to plan all tunnels it is an end of.
 *
 * @param mine - those tunnels
 */
export function questionsFor(host: string, mine: readonly Tunnel[], request: RunRequest): Questions {
  const ends = mine.flatMap((tunnel) =>
    tunnel.endpoints.map((end, index) => ({ tunnel, end, question: underlayQuestions(tunnel, request.addresses)[index] })),
  );
  const here = ends.filter(({ end }) => end.host === host);
  const there = ends.filter(({ end }) => end.host !== host);
  return {
    host,
    devices: [...new Set(here.map(({ end }) => end.device))],
    prefixes: [...new Set([...here.flatMap(({ end }) => end.routes.map(({ to }) => to)), ...there.flatMap(({ end }) => end.networks)])],
    pools: [...new Set(mine.flatMap(({ pool }) => pool ?? []))],
    tables: [...new Set(here.flatMap(({ end }) => [end.table, ...end.routes.map(({ table }) => table)]))].filter(isOwnTable),
    wantsPorts: mine.some(({ encap }) => encap !== undefined),
    wantsClamps: mine.some(({ mssClamp }) => mssClamp !== undefined),
    modules: [...new Set(mine.flatMap((tunnel) => modulesOf(tunnel, modeOf(tunnel.mode).underlay)))],
    lookups: here.flatMap(({ question }) => (question === undefined ? [] : [question])),
  };
}

function isOwnTable(table: number | undefined): table is number {
  return table !== undefined && table !== MAIN_TABLE;
}

/** Connects to every host of a group and gathers its facts in the first round trip. */
export async function gather(group: Group, context: Context, inTurn: InTurn): Promise<PerHost<Member>> {
  const mine = byHost(group.tunnels, endsOf);
  return onEach(group.hosts, { phase: 'gather', world: context.world }, (host) =>
    inTurn(() => meet(questionsFor(host, mine.get(host) ?? [], context.request), context)),
  );
}

async function meet(questions: Questions, context: Context): Promise<Member> {
  const { host } = questions;
  const session = await openSession(host, context, gatherScript(questions));
  try {
    const observed = understood(questions, session, await openingOutput(session));
    tellLoneDecisions(observed, context.world);
    return { host, session, questions, observed };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Facts again over the open sessions; a host that cannot tell them any more is lost, and found so in the next phase. */
export async function gatherAnew(crew: Crew, world: World): Promise<Crew> {
  const members = [...crew.values()].map(async (member) => {
    const observed = await orFailure(lookAnew(member));
    if (observed instanceof HostFailure) return [member.host, { ...member, session: endedBy(observed, member.session) }] as const;
    tellLoneDecisions(observed, world, member.observed.decisions);
    return [member.host, { ...member, observed }] as const;
  });
  return new Map(await Promise.all(members));
}

async function lookAnew({ session, questions }: Member): Promise<ObservedHost> {
  return understood(questions, session, (await session.run(gatherScript(questions))).stdout);
}

/** Its shell compares with what it printed last, which nobody could read: nothing may be done there on what was read before. */
function endedBy(failure: HostFailure, session: Session): Session {
  return { host: session.host, run: () => Promise.reject(failure), close: () => session.close() };
}

/** Connects to a host of the inventory; the first script travels with the request for the shell. */
function openSession(host: string, { request, world }: Context, opening: string): Promise<Session> {
  return world.transport.connect(declaredHost(host, request), world.interrupt, opening);
}

export function declaredHost(host: string, { hosts }: RunRequest): Host {
  const declared = hosts.get(host);
  if (declared === undefined) throw new Error(`the inventory has no host ${host}`);
  return declared;
}

export async function openingOutput({ host, opening }: Session): Promise<string> {
  if (opening === undefined) throw new Error(`the first script was not sent to ${host}`);
  return (await opening).stdout;
}

/** Reads facts; a host whose answers make no sense cannot be worked with. */
export function understood(questions: Questions, session: Session, output: string): ObservedHost {
  const { host } = questions;
  if (isOfBusybox(output)) throw busyboxInstead(host);
  try {
    const observed = observe(questions, output);
    const missing = ['ip', 'ping', 'flock'].find((program) => !observed.programs.has(program));
    if (missing !== undefined) throw missingProgram(host, missing);
    return session.connection === undefined ? observed : { ...observed, ssh: session.connection };
  } catch (cause) {
    if (cause instanceof HostFailure) throw cause;
    throw unreadableFacts(host, cause);
  }
}
