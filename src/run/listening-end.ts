import { type Ahead, aheadOf, clockScript } from '../capture/clocks.ts';
import { echoScript, readEchoes } from '../capture/echoes.ts';
import { captureFilter } from '../capture/filter.ts';
import type { End } from '../capture/outer.ts';
import { listenScript, readStarted, readStopped, type Stopped, stopScript } from '../capture/script.ts';
import { lookupKey } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { stripControl } from '../domain/strip-control.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { HostFailure } from '../errors/host-failure.ts';
import type { PingCounts } from '../facts/ping.ts';
import { underlayQuestions } from '../plan/underlay.ts';
import { expectationsOf } from '../verify/expectation.ts';
import type { Both } from './both.ts';
import type { Member } from './crew.ts';
import type { Approach } from './each-tunnel.ts';
import { cannotListen, missingProgram, understand } from './host-refusals.ts';
import type { CaptureRequest, Context } from './world.ts';

/** One end of a tunnel, as it is to be listened to. */
export interface ListeningEnd extends End {
  readonly member: Member;
  /** Link the outer packets take; `any` where no route says it. */
  readonly device: string;
  readonly filter: string;
  /** The peer's inner addresses. */
  readonly targets: readonly string[];
}

export function listeningEnds(tunnel: Tunnel, { members, endpoints }: Required<Approach>, { request }: Context): Both<ListeningEnd> {
  const questions = underlayQuestions(tunnel, request.addresses);
  const expectations = expectationsOf(tunnel);
  const ends = members.map(({ observed }, index): End => {
    const wanted = endpoints[index === 0 ? 0 : 1];
    const link = linkOn(observed.links, wanted.device);
    return { wanted, ...(link === undefined ? {} : { link }) };
  });
  const endAt = (index: 0 | 1): ListeningEnd => {
    const [end, question, member] = [ends[index], questions[index], members[index]];
    if (end === undefined) throw new Error(`${tunnel.name} has no end ${index}`);
    const route = question === undefined ? undefined : member.observed.lookups.get(lookupKey(question));
    return {
      ...end,
      member,
      device: end.wanted.dev ?? (route?.found === true ? route.device : 'any'),
      filter: captureFilter(end, ends),
      targets: expectations[index]?.targets ?? [],
    };
  };
  return [endAt(0), endAt(1)];
}

export async function askClock({ member: { session } }: ListeningEnd, now: () => number): Promise<Ahead | undefined> {
  const askedAt = now();
  const { stdout } = await session.run(clockScript);
  return aheadOf(stdout, { askedAt, answeredAt: now() });
}

/** At the most: its interval and its reply. */
const SECONDS_PER_ECHO = 3;
/** Seconds a capture goes on by itself beyond what is planned, where nobody is left to end it. */
const GRACE_SECONDS = 60;

/** Starts listening. @returns the program that does it, or why nobody can listen there */
export async function listen({ member, device, filter, targets }: ListeningEnd, capture: CaptureRequest): Promise<string | HostFailure> {
  const seconds = capture.seconds + 2 * capture.echoes * targets.length * SECONDS_PER_ECHO + GRACE_SECONDS;
  const { stdout } = await member.session.run(listenScript({ device, filter, packets: capture.packets, seconds }));
  const started = understand(member, () => readStarted(stdout));
  if (started.state === 'listening') return stripControl(started.program);
  if (started.state === 'missing') return missingProgram(member.host, stripControl(started.program));
  return cannotListen(member.host, { device, words: stripControl(started.words) });
}

/** Megabytes over a slow line, milliseconds. */
const BRING_MS = 180_000;

/** Ends it, and brings what it has. */
export async function stop({ member }: ListeningEnd): Promise<Stopped> {
  const { stdout } = await member.session.run(stopScript, { timeoutMs: BRING_MS });
  return understand(member, () => readStopped(stdout));
}

export async function sendEchoes({ member, wanted, targets }: ListeningEnd, count: number): Promise<PingCounts> {
  const reply = await member.session.run(echoScript({ device: wanted.device, targets, count }), {
    timeoutMs: (targets.length * count * SECONDS_PER_ECHO + 30) * 1000,
  });
  return readEchoes(reply.stdout);
}
