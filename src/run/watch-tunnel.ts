import type { Ahead } from '../capture/clocks.ts';
import type { Stopped } from '../capture/script.ts';
import { type Sighting, sightingsIn } from '../capture/sighting.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { PingCounts } from '../facts/ping.ts';
import { atBoth, type Both } from './both.ts';
import { tellFailure } from './crew.ts';
import { understand } from './host-refusals.ts';
import { askClock, type ListeningEnd, listen, sendEchoes, stop } from './listening-end.ts';
import type { CaptureRequest, Context, World } from './world.ts';

/** What one end saw and heard. */
export interface WatchedEnd {
  readonly end: ListeningEnd;
  /** Of its clock, against the controller's. */
  readonly ahead?: Ahead;
  /** Absent where nothing was sent. */
  readonly echoes?: PingCounts;
  /** Absent where nobody could listen. */
  readonly capture?: Stopped & { readonly sightings: readonly Sighting[] };
}

export interface Watch {
  readonly ends: Both<WatchedEnd>;
  /** Milliseconds since the epoch between which both ends listened. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Listens at both ends while echo requests go one way and then the other, or only for a while. @returns why not, where nobody can listen at either */
export async function watchBoth(ends: Both<ListeningEnd>, { name }: Tunnel, { request, world }: Context): Promise<Watch | readonly HostFailure[]> {
  const capture = captureOf(request.capture);
  const ahead = await atBoth(ends, (end) => askClock(end, world.now));
  const programs = await atBoth(ends, (end) => listen(end, capture));
  const refusals = programs.filter((one) => one instanceof HostFailure);
  if (refusals.length === ends.length) {
    for (const refusal of refusals) tellFailure(refusal, world);
    return refusals;
  }
  await atBoth(ends, async (end, index) => tellListening(end, { tunnel: name, program: programs[index], world }));
  const startedAt = world.now();
  const echoes = await sendOrWait(ends, capture, world);
  const endedAt = world.now();
  const captures = await atBoth(ends, async (end, index) => (programs[index] instanceof HostFailure ? undefined : stop(end)));
  const watched = await atBoth(ends, async (end, index): Promise<WatchedEnd> => {
    const [own, clock, sent] = [captures[index], ahead[index], echoes?.[index]];
    const read = (file: Uint8Array) => understand(end.member, () => sightingsIn(file, end, ends).slice(0, capture.packets));
    return {
      end,
      ...(clock === undefined ? {} : { ahead: clock }),
      ...(sent === undefined ? {} : { echoes: sent }),
      ...(own === undefined ? {} : { capture: { ...own, sightings: read(own.file) } }),
    };
  });
  return { ends: watched, startedAt, endedAt };
}

function captureOf(capture: CaptureRequest | undefined): CaptureRequest {
  if (capture === undefined) throw new Error('nobody said what to capture');
  return capture;
}

/** One end that nobody can listen at still leaves the other. */
function tellListening(
  { member: { host }, device, filter }: ListeningEnd,
  { tunnel, program, world }: { readonly tunnel: string; readonly program: string | HostFailure; readonly world: World },
): void {
  if (!(program instanceof HostFailure)) return world.report({ type: 'listening', tunnel, host, program, device, filter });
  world.report({ type: 'host-warning', host, message: `${program.what}: only the other end is seen. ${program.hint}` });
}

const SLICE_MS = 200;

/** The first end sends before the second. Without inner addresses there is nobody to send to. */
async function sendOrWait(ends: Both<ListeningEnd>, { echoes, seconds }: CaptureRequest, world: World): Promise<Both<PingCounts> | undefined> {
  const [first, second] = ends;
  if (echoes > 0 && ends.every(({ targets }) => targets.length > 0)) {
    const going = await sendEchoes(first, echoes);
    return [going, world.interrupt.aborted ? { sent: 0, received: 0 } : await sendEchoes(second, echoes)];
  }
  for (let left = seconds * 1000; left > 0 && !world.interrupt.aborted; left -= SLICE_MS) await world.sleep(Math.min(left, SLICE_MS));
  return undefined;
}
