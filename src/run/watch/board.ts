import type { Diagnosis } from '../../diagnose/finding.ts';
import type { Tunnel } from '../../domain/tunnel.ts';
import type { HostFailure } from '../../errors/host-failure.ts';
import { type Beaten, beat, lose, newPulse, type Pulse, type PulseRules } from '../../watch/pulse.ts';
import type { Sighting } from '../../watch/sighting.ts';
import type { HostStanding, RepairCount, TunnelNote, WatchState } from '../../watch/watch-state.ts';
import { hostsOf } from '../groups.ts';
import type { World } from '../world.ts';

/** Holds what is known of every tunnel and host, and tells each change once. */
export class Board implements WatchState {
  readonly startedAt: number;
  readonly intervalMs: number;
  readonly pulses = new Map<string, Pulse>();
  readonly hosts = new Map<string, HostStanding>();
  readonly diagnoses = new Map<string, { readonly at: number; readonly diagnosis: Diagnosis }>();
  readonly notes = new Map<string, TunnelNote>();
  readonly repairs = new Map<string, RepairCount>();
  readonly #world: Pick<World, 'now' | 'report'>;

  constructor(tunnels: readonly Tunnel[], rules: PulseRules, world: Pick<World, 'now' | 'report'>) {
    this.#world = world;
    this.startedAt = world.now();
    this.intervalMs = rules.intervalMs;
    for (const tunnel of tunnels) this.pulses.set(tunnel.name, newPulse(tunnel, rules, this.startedAt));
    for (const host of hostsOf(tunnels)) this.hosts.set(host, { host, isReached: false, since: this.startedAt });
  }

  /** A host has told of a round. */
  see(host: string, sightings: readonly Sighting[]): void {
    const at = this.#world.now();
    const before = this.hosts.get(host);
    if (before?.isReached !== true) this.#world.report({ type: 'host-reached', host });
    this.hosts.set(host, { host, isReached: true, since: before?.isReached === true ? before.since : at, roundAt: at });
    for (const sighting of sightings) this.#take(sighting.tunnel, (pulse) => beat(pulse, sighting, at));
  }

  /** A host cannot be asked; told when it was reached before, or cannot be reached for another reason than before. */
  lose(host: string, { code, what, hint }: HostFailure): void {
    const at = this.#world.now();
    const before = this.hosts.get(host);
    if (before?.isReached !== false || before.failure?.code !== code) this.#world.report({ type: 'host-failed', host, code, message: what, hint });
    this.hosts.set(host, { host, isReached: false, since: before?.isReached === false ? before.since : at, failure: { code, what } });
    for (const { tunnel } of this.pulses.values()) {
      if (tunnel.endpoints.some((end) => end.host === host)) this.#take(tunnel.name, (pulse) => lose(pulse, host, at));
    }
  }

  diagnosed(diagnosis: Diagnosis): void {
    this.diagnoses.set(diagnosis.tunnel, { at: this.#world.now(), diagnosis });
    this.#world.report({ type: 'diagnosis', diagnosis });
  }

  /** Something was done about a tunnel, or is to be known of it. */
  note(tunnel: string, words: string): void {
    this.notes.set(tunnel, { at: this.#world.now(), words });
  }

  countRepair(tunnel: string, outcome: keyof RepairCount): void {
    const before = this.repairs.get(tunnel) ?? { repaired: 0, failed: 0 };
    this.repairs.set(tunnel, { ...before, [outcome]: before[outcome] + 1 });
  }

  #take(tunnel: string, news: (pulse: Pulse) => Beaten): void {
    const before = this.pulses.get(tunnel);
    if (before === undefined) return;
    const { pulse, change } = news(before);
    this.pulses.set(tunnel, pulse);
    if (change !== undefined) this.#world.report({ type: 'tunnel-health', ...change });
  }
}
