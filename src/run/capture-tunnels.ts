import type { Ahead } from '../capture/clocks.ts';
import { clockDifference } from '../capture/clocks.ts';
import { crossingsOf } from '../capture/crossing.ts';
import type { Sighting } from '../capture/sighting.ts';
import { inOrder } from '../capture/told-packet.ts';
import { type Traffic, trafficOf, type WatchedWay } from '../capture/traffic.ts';
import { trafficProblems } from '../capture/traffic-problems.ts';
import { readCapture } from '../decode/pcap.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { Crew } from './crew.ts';
import { approach, lookAtEach, lookRecap } from './each-tunnel.ts';
import type { CapturedEnd, TunnelRecap } from './events.ts';
import { interruption, problemOf } from './failure-problem.ts';
import type { Group } from './groups.ts';
import { listeningEnds } from './listening-end.ts';
import { type Watch, type WatchedEnd, watchBoth } from './watch-tunnel.ts';
import type { Context, InTurn } from './world.ts';

/** Shows the packets of a group's tunnels at both ends, one tunnel after the other. Changes nothing. */
export async function captureTunnels(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  return lookAtEach(group, { context, inTurn }, { phase: 'capture', look: (tunnel, crew) => captureTunnel(tunnel, crew, context) });
}

async function captureTunnel(tunnel: Tunnel, crew: Crew, context: Context): Promise<TunnelRecap> {
  const { endpoints, members, plan } = approach(tunnel, crew, context);
  if (endpoints === undefined) return lookRecap(tunnel, 'unreachable', plan.problems);
  const ends = listeningEnds(tunnel, { plan, members, endpoints }, context);
  const watch = await watchBoth(ends, tunnel, context);
  if (!('ends' in watch)) return lookRecap(tunnel, 'unreachable', watch.map(problemOf));
  const ways = tellWatch(watch, tunnel, context);
  const { interrupt } = context.world;
  if (interrupt.aborted) return lookRecap(tunnel, 'unreachable', interruption(interrupt));
  const problems = ways.flatMap(({ traffic, from, to }) =>
    trafficProblems(traffic, { devices: { from: from.end.device, to: to.end.device }, remote: from.end.wanted.remote }),
  );
  return lookRecap(tunnel, problems.length === 0 ? 'ok' : 'failed', problems);
}

/** Tells what was captured: both ends, packet by packet, then what became of each way. */
function tellWatch(watch: Watch, { name: tunnel, ipsec, mode }: Tunnel, { request, world }: Context): readonly TakenWay[] {
  const [first, second] = watch.ends;
  const crossings = crossingsOf([watchedBy(first), watchedBy(second)]);
  const clocks = clockDifference([hostOf(first), hostOf(second)], [first.ahead, second.ahead], crossings);
  for (const { end, capture } of watch.ends) {
    if (capture !== undefined) request.capture?.keep?.(tunnel, end.member.host, capture.file.subarray(0, readCapture(capture.file).wholeBytes));
  }
  world.report({ type: 'captured', tunnel, ends: watch.ends.flatMap(capturedEnd), ...(clocks === undefined ? {} : { clocks }) });
  const order = { first: hostOf(first), aheadMs: clocks?.differenceMs ?? 0 };
  for (const packet of inOrder(crossings, order)) world.report({ type: 'packet', tunnel, packet });
  const isEncrypted = ipsec === true || mode === 'vti' || mode === 'vti6';
  const ways = watchedWays(watch).map(({ from, to }) => ({ from, to, traffic: trafficOf(wayOf({ from, to }, watch, isEncrypted), crossings) }));
  for (const { traffic } of ways) world.report({ type: 'traffic', tunnel, traffic });
  return ways;
}

interface Way {
  readonly from: WatchedEnd;
  readonly to: WatchedEnd;
}

type TakenWay = Way & { readonly traffic: Traffic };

function watchedWays({ ends: [first, second] }: Watch): readonly Way[] {
  return [
    { from: first, to: second },
    { from: second, to: first },
  ];
}

function wayOf({ from, to }: Way, watch: Watch, isEncrypted: boolean): WatchedWay {
  return {
    from: hostOf(from),
    to: hostOf(to),
    isSenderWatched: sawAll(from),
    isReceiverWatched: sawAll(to),
    targets: from.end.targets,
    ...(from.echoes === undefined ? {} : { echoes: from.echoes }),
    isEncrypted,
    isJudged: (sent) => isJudged(sent, from, watch),
  };
}

function capturedEnd({ end, capture }: WatchedEnd): readonly CapturedEnd[] {
  if (capture === undefined) return [];
  const { isFull, dropped, sightings } = capture;
  return [{ host: end.member.host, packets: sightings.length, isFull, dropped }];
}

function hostOf({ end }: WatchedEnd): string {
  return end.member.host;
}

function watchedBy({ end, capture }: WatchedEnd) {
  return { host: end.member.host, ...(capture === undefined ? {} : { sightings: capture.sightings }) };
}

/** A capture that is full may lack what was sent. */
function sawAll({ capture, echoes }: WatchedEnd): boolean {
  return capture !== undefined && (echoes === undefined || !capture.isFull);
}

/** Longer than a packet is under way, and than the clocks are known apart, milliseconds. */
const MARGIN_MS = 500;

/** Whether it was sent while both ends listened, and long enough before the end. Echo requests are sent while both do. */
function isJudged({ atMicros }: Sighting, from: WatchedEnd, { ends, startedAt, endedAt }: Watch): boolean {
  if (from.echoes !== undefined || from.ahead === undefined) return true;
  const full = ends.flatMap(({ capture, ahead }) => {
    const last = capture?.sightings.at(-1);
    return capture?.isFull === true && last !== undefined && ahead !== undefined ? [last.atMicros / 1000 - middleOf(ahead)] : [];
  });
  const at = atMicros / 1000 - middleOf(from.ahead);
  return at >= startedAt && at <= Math.min(endedAt, ...full) - MARGIN_MS;
}

function middleOf({ leastMs, mostMs }: Ahead): number {
  return (leastMs + mostMs) / 2;
}
