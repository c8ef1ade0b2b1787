import { lookupKey, type ObservedHost } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { type PathAnswer, type PathQuestion, pathScript, readPaths } from '../facts/path-mtu.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { underlayQuestions } from '../plan/underlay.ts';
import { type Crew, type Member, onEach } from './crew.ts';
import { byHost, endsOf } from './groups.ts';
import type { Context, RunRequest, World } from './world.ts';

/** Seconds a black hole may take: each lost packet is waited for. */
const MEASURE_TIMEOUT_MS = 60_000;

/**
 * Measures what the paths below tunnels carry whose MTU is to be found and that have something to do, from both ends at once.
 *
 * One round trip, and none where there is nothing to measure: then the crew comes back as it is.
 */
export async function measurePaths(plans: readonly TunnelPlan[], crew: Crew, { request, world }: Context): Promise<Crew> {
  const open = byHost(plans.filter(isToBeMeasured), ({ tunnel }) => endsOf(tunnel));
  const questions = new Map([...crew.values()].map((member) => [member.host, pathsFrom(member, open.get(member.host) ?? [], request)] as const));
  const hosts = [...questions].filter(([, paths]) => paths.length > 0).map(([host]) => host);
  if (hosts.length === 0 || world.interrupt.aborted) return crew;
  const answers = await onEach(hosts, { phase: 'measure', world }, async (host) => {
    const reply = await crew.get(host)?.session.run(pathScript(questions.get(host) ?? []), { timeoutMs: MEASURE_TIMEOUT_MS });
    return readPaths(reply?.stdout ?? '');
  });
  return new Map(
    [...crew].map(([host, member]) => {
      const answer = answers.get(host);
      const found = answer === undefined || answer instanceof HostFailure ? new Map<string, PathAnswer>() : answer;
      return [host, { ...member, observed: withPaths(member.observed, { paths: questions.get(host) ?? [], found, world }) }];
    }),
  );
}

/** A tunnel that is refused because of what was known of its path may have a better one by now. */
function isToBeMeasured({ tunnel, endpoints, steps, problems }: TunnelPlan): boolean {
  if (tunnel.mtuBytes !== undefined) return false;
  return problems.length === 0 ? endpoints !== undefined && steps.length > 0 : problems.every(({ code }) => code === 'plan.path-too-narrow');
}

/** Each path once, however many tunnels take it. */
function pathsFrom({ host, observed }: Member, plans: readonly TunnelPlan[], { addresses }: RunRequest): readonly Path[] {
  const paths = plans.flatMap(({ tunnel }) => {
    const questions = underlayQuestions(tunnel, addresses);
    return tunnel.endpoints.flatMap((end, index): readonly Path[] => {
      const question = questions[index];
      const lookup = question === undefined ? undefined : observed.lookups.get(lookupKey(question));
      if (end.host !== host || question === undefined || lookup?.found !== true) return [];
      const mostBytes = linkOn(observed.links, end.dev ?? lookup.device)?.mtuBytes ?? 0;
      const key = lookupKey(question);
      return [{ key, name: key.replaceAll(' ', '_'), to: question.to, from: end.dev ?? lookup.source ?? lookup.device, mostBytes }];
    });
  });
  return [...new Map(paths.map((path) => [path.key, path])).values()];
}

interface Path extends PathQuestion {
  /** See {@link lookupKey}. */
  readonly key: string;
}

interface Measured {
  readonly paths: readonly Path[];
  readonly found: ReadonlyMap<string, PathAnswer>;
  readonly world: World;
}

function withPaths(observed: ObservedHost, { paths, found, world }: Measured): ObservedHost {
  const { host } = observed;
  const pathMtus = paths.flatMap(({ key, name, to, mostBytes }): readonly (readonly [string, number])[] => {
    const answer = found.get(name);
    if (answer === undefined) return [];
    if (typeof answer === 'number') {
      world.report({ type: 'path-measured', host, to, mtuBytes: answer, linkMtuBytes: mostBytes });
      return [[key, answer]];
    }
    world.report({ type: 'host-warning', host, message: UNMEASURED[answer](to) });
    return [];
  });
  return { ...observed, pathMtus: new Map(pathMtus) };
}

const UNMEASURED: Readonly<Record<'silent' | 'unable', (to: string) => string>> = {
  silent: (to) => `${to} answers no echo request, so what the path to it carries could not be measured: the links’ MTU is taken`,
  unable: (to) =>
    `its ping cannot forbid fragmentation (-M do), so what the path to ${to} carries was not measured: install iputils-ping there, or write an mtu`,
};
