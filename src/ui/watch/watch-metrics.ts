import { JUDGED_MOST, vitalsOf } from '../../watch/degradation.ts';
import type { End } from '../../watch/end.ts';
import type { Health, Pulse } from '../../watch/pulse.ts';
import type { WatchState } from '../../watch/watch-state.ts';
import { expose, type Metric } from '../exposition.ts';

/** What the process that watches needs, for whoever wants to see that it stays the same. */
export interface OwnFigures {
  readonly residentBytes: number;
}

/** A watch as Prometheus scrapes it; names that `verify -o prometheus` has too mean the same. */
export function watchMetrics(state: WatchState, own: OwnFigures): string {
  const pulses = [...state.pulses.values()];
  const metrics = [...healthMetrics(pulses), ...probeMetrics(pulses), ...trafficMetrics(pulses), ...hostMetrics(state), ...ownMetrics(state, own)];
  return `${expose(metrics)}\n`;
}

function healthMetrics(pulses: readonly Pulse[]): readonly Metric[] {
  const known = pulses.filter(({ health }) => health !== 'unknown');
  const whether = (of: readonly Pulse[], ...healths: readonly Health[]) =>
    of.map((pulse) => ({ labels: labelsOf(pulse), value: Number(healths.includes(pulse.health)) }));
  return [
    {
      name: 'tunorch_tunnel_up',
      help: 'Whether packets cross both ways; absent where nobody could be asked.',
      samples: whether(known, 'up', 'degraded'),
    },
    { name: 'tunorch_tunnel_degraded', help: 'Whether loss or latency is over the limit of the tunnel.', samples: whether(known, 'degraded') },
    { name: 'tunorch_tunnel_unknown', help: 'Whether neither end could be asked.', samples: whether(pulses, 'unknown') },
    {
      name: 'tunorch_tunnel_changes_total',
      help: 'How often it became another since the watch began.',
      sort: 'counter',
      samples: pulses.map((pulse) => ({ labels: labelsOf(pulse), value: pulse.changes })),
    },
    {
      name: 'tunorch_tunnel_last_change_timestamp_seconds',
      help: 'When it became what it is, since the epoch.',
      samples: pulses.map((pulse) => ({ labels: labelsOf(pulse), value: pulse.since / 1000 })),
    },
  ];
}

function probeMetrics(pulses: readonly Pulse[]): readonly Metric[] {
  const recent = pulses.map((pulse) => ({ labels: labelsOf(pulse), beats: pulse.beats.slice(-JUDGED_MOST) }));
  return [
    {
      name: 'tunorch_probe_sent',
      help: 'Echo requests lately, both ways.',
      samples: recent.map(({ labels, beats }) => ({ labels, value: beats.length })),
    },
    {
      name: 'tunorch_probe_received',
      help: 'Replies to them.',
      samples: recent.map(({ labels, beats }) => ({ labels, value: beats.filter((one) => one !== null).length })),
    },
    {
      name: 'tunorch_probe_rtt_seconds',
      help: 'Average round trip time.',
      samples: recent.flatMap(({ labels, beats }) => {
        const { rttMs } = vitalsOf(beats);
        return rttMs === undefined ? [] : [{ labels, value: rttMs / 1000 }];
      }),
    },
  ];
}

/** The way from the first end, which counts it, to the second; by the second's counters where the first is not seen. */
function trafficMetrics(pulses: readonly Pulse[]): readonly Metric[] {
  const counted = pulses.flatMap(({ tunnel, ends }) =>
    ends.flatMap((end) => {
      const { counters } = end;
      return counters === undefined ? [] : [{ counters, labels: { tunnel: tunnel.name, host: end.host, device: end.device } }];
    }),
  );
  return (['rx', 'tx'] as const).map((way) => ({
    name: `tunorch_tunnel_${way === 'rx' ? 'receive' : 'transmit'}_bytes_total`,
    help: `Bytes its device ${way === 'rx' ? 'received' : 'sent'}, as its host counts them.`,
    sort: 'counter',
    samples: counted.map(({ labels, counters }) => ({ labels, value: counters[way].bytes })),
  }));
}

function hostMetrics({ hosts }: WatchState): readonly Metric[] {
  return [
    {
      name: 'tunorch_host_reachable',
      help: 'Whether the host could be worked with.',
      samples: [...hosts.values()].map(({ host, isReached }) => ({ labels: { host }, value: Number(isReached) })),
    },
  ];
}

function ownMetrics({ startedAt, intervalMs, repairs }: WatchState, { residentBytes }: OwnFigures): readonly Metric[] {
  const counts = (['repaired', 'failed'] as const).flatMap((outcome) =>
    [...repairs].map(([tunnel, count]) => ({ labels: { tunnel, outcome }, value: count[outcome] })),
  );
  const one = (name: string, help: string, value: number): Metric => ({ name, help, samples: [{ labels: {}, value }] });
  return [
    { name: 'tunorch_repairs_total', help: 'Transactions of --heal.', sort: 'counter', samples: counts },
    one('tunorch_watch_start_timestamp_seconds', 'When the watch began, since the epoch.', startedAt / 1000),
    one('tunorch_watch_interval_seconds', 'Time from one ping to the next.', intervalMs / 1000),
    one('process_resident_memory_bytes', 'Memory of the program.', residentBytes),
  ];
}

function labelsOf({ tunnel: { name, mode, endpoints } }: Pulse): Readonly<Record<string, string>> {
  const [first, second] = endpoints as readonly Pick<End, 'host'>[];
  return { tunnel: name, mode, first: first?.host ?? '', second: second?.host ?? '' };
}
