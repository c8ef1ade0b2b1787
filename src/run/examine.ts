import { outerOf } from '../capture/outer.ts';
import { endCapture, startCapture } from '../diagnose/capture.ts';
import type { EndEvidence, Meanwhile, TunnelEvidence, Way } from '../diagnose/evidence.ts';
import { losesFullSize } from '../diagnose/evidence.ts';
import { type Look, lookScript, readLook } from '../diagnose/look.ts';
import { readSurvey, type Survey, surveyScript } from '../diagnose/survey.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedLink } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { pathScript, readPaths } from '../facts/path-mtu.ts';
import { typedCommand } from '../plan/commands.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import type { Reply } from '../transport/transport.ts';
import { type Expectation, expectationsOf } from '../verify/expectation.ts';
import { probeScript, readProbes } from '../verify/probe.ts';
import { atBoth } from './both.ts';
import type { Member } from './crew.ts';
import { understand } from './host-refusals.ts';

/** A tunnel that is to be looked into, with both its hosts at hand. */
export interface Subject {
  readonly plan: TunnelPlan;
  /** What each end should be, in the order of `members`. */
  readonly endpoints: readonly [Endpoint, Endpoint];
  readonly members: readonly [Member, Member];
  readonly inventories: readonly string[];
  /** Milliseconds that may still be spent; left out: there is all the time in the world. */
  readonly timeLeftMs?: () => number;
}

/** The time that was given was over before everything was seen. */
class OutOfTime extends Error {
  override readonly message = 'there was no time left before the deadline';
}

/** Few, since hosts answer to refused packets at most so often (net.ipv4.icmp_ratelimit). */
const RULES = { count: 4, intervalSeconds: 0.25, maxLossPercent: 0 };

/**
 * Collects what both ends show of one tunnel: each is asked, then the first sends and both are looked at, then the second.
 *
 * The order matters: a packet of the second opens a stateful firewall for those of the first. Nothing is changed on either.
 */
export async function examine(subject: Subject): Promise<TunnelEvidence> {
  const { plan, endpoints, inventories } = subject;
  const [first, second] = [sideOf(subject, 0), sideOf(subject, 1)];
  const surveys = await atBoth([first, second], survey);
  const started = await atBoth([first, second], (side) => look(side, startCapture(outerOf(side), side.wanted.remote)));
  const going = await sendAndLook(first, second);
  const coming = await sendAndLook(second, first);
  const last = { first: coming.atReceiver, second: coming.atSender };
  await atBoth([first, second], ({ run }) => run(endCapture));
  const ends = [endOf(first, surveys[0], last.first.look), endOf(second, surveys[1], last.second.look)] as const;
  const ways: readonly [Way, Way] = [
    wayOf([ends[0], ends[1]], going, { sender: started[0].look, receiver: started[1].look }),
    wayOf([ends[1], ends[0]], coming, { sender: going.atReceiver.look, receiver: going.atSender.look }),
  ];
  const repairs = new Map(endpoints.map(({ host }) => [host, repairsOn(host, plan)]));
  return {
    tunnel: plan.tunnel,
    ends,
    ways: [await withPassingSize(ways[0], first), await withPassingSize(ways[1], second)],
    refusals: plan.problems,
    repairs,
    inventories,
  };
}

/** A key is nothing to type, so with IPsec only a run can mend. */
function repairsOn(host: string, { tunnel, steps }: TunnelPlan): readonly string[] {
  if (tunnel.ipsec === true) return [];
  return steps.filter((step) => step.host === host).flatMap(({ forward }) => forward.map(typedCommand));
}

interface Side {
  readonly member: Member;
  readonly run: (script: string) => Promise<Reply>;
  readonly wanted: Endpoint;
  readonly link?: ObservedLink;
  readonly expectation: Expectation;
}

function sideOf({ plan, endpoints, members, timeLeftMs }: Subject, index: 0 | 1): Side {
  const wanted = endpoints[index];
  const expectation = expectationsOf(plan.tunnel)[index];
  if (expectation === undefined) throw new Error(`${plan.tunnel.name} has no end ${index}`);
  const link = linkOn(members[index].observed.links, wanted.device);
  return {
    member: members[index],
    run: inTime(members[index], timeLeftMs),
    wanted,
    expectation: { ...expectation, beyond: [], rules: RULES },
    ...(link === undefined ? {} : { link }),
  };
}

/** Less than any step takes. */
const LEAST_MS = 5_000;
/** Nothing is locked meanwhile and nothing changed, so a host that is slow may take its time. */
const PATIENCE_MS = 120_000;

/** @throws OutOfTime - before a step that would begin too late */
function inTime({ session }: Member, timeLeftMs: () => number = () => PATIENCE_MS): Side['run'] {
  return async (script) => {
    const left = timeLeftMs();
    if (left < LEAST_MS) throw new OutOfTime();
    return session.run(script, { timeoutMs: Math.min(left, PATIENCE_MS) });
  };
}

async function survey({ member, run, wanted, expectation }: Side): Promise<Survey> {
  const ways = [{ to: wanted.remote, from: wanted.local }, ...expectation.targets.map((to) => ({ to }))];
  const { stdout } = await run(surveyScript({ local: wanted.local, remote: wanted.remote, ways }));
  return understand(member, () => readSurvey(stdout));
}

type Sight = ReturnType<typeof readLook>;

async function look({ member, run }: Side, before = ':'): Promise<Sight> {
  const { stdout } = await run(`${before}\n${lookScript}`);
  return understand(member, () => readLook(stdout));
}

interface Sent {
  readonly echoes: Way['echoes'];
  readonly atSender: Sight;
  readonly atReceiver: Sight;
}

async function sendAndLook(sender: Side, receiver: Side): Promise<Sent> {
  const { stdout } = await sender.run(probeScript([sender.expectation]));
  const [atSender, atReceiver] = await atBoth([sender, receiver], (side) => look(side));
  return { echoes: readProbes(stdout), atSender, atReceiver };
}

function wayOf(
  [from, to]: readonly [EndEvidence, EndEvidence],
  { echoes, atSender, atReceiver }: Sent,
  before: { readonly sender: Look; readonly receiver: Look },
): Way {
  return { from, to, echoes, atSender: meanwhile(before.sender, atSender), atReceiver: meanwhile(before.receiver, atReceiver) };
}

function meanwhile(before: Look, { look: after, packets }: Sight): Meanwhile {
  return { before, after, ...(packets === undefined ? {} : { packets }) };
}

function endOf({ member, wanted, link }: Side, surveyed: Survey, last: Look): EndEvidence {
  return { wanted, observed: member.observed, survey: surveyed, look: last, ...(link === undefined ? {} : { link }) };
}

/** Which size passes is looked for only where one is known that does not. */
async function withPassingSize(way: Way, { run, wanted }: Side): Promise<Way> {
  const lost = losesFullSize(way) ? way.echoes.find(({ sort, received }) => sort === 'full-size' && received === 0) : undefined;
  if (lost === undefined) return way;
  const { target, mtuBytes } = lost;
  const { stdout } = await run(pathScript([{ name: wanted.device, to: target, from: wanted.device, mostBytes: mtuBytes }]));
  const passingBytes = readPaths(stdout).get(wanted.device);
  return typeof passingBytes === 'number' && passingBytes < mtuBytes ? { ...way, passingBytes } : way;
}
