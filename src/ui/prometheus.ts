import type { TunnelOutcome } from '../run/events.ts';
import { expose, type Metric } from './exposition.ts';
import type { RunState, TunnelState } from './run-state.ts';

/** What a `verify` found, as node_exporter's textfile collector reads it. */
export function metricsText(run: RunState, at: number): string {
  return expose(metricsOf(run, at));
}

/** Gauges. Units are seconds, as Prometheus has them everywhere. */
function metricsOf({ recap, tunnels, hosts }: RunState, at: number): readonly Metric[] {
  const all = [...tunnels.values()];
  const outcomes = new Map(recap?.tunnels.map(({ tunnel, outcome }) => [tunnel, outcome]));
  const ofTunnels = (isTrue: (outcome: TunnelOutcome | undefined) => boolean) =>
    all.map((tunnel) => ({ labels: labelsOf(tunnel), value: Number(isTrue(outcomes.get(tunnel.name))) }));
  return [
    {
      name: 'tunorch_tunnel_up',
      help: 'Whether packets crossed both ways and both kernels agree with the inventory.',
      samples: ofTunnels((outcome) => outcome === 'ok' || outcome === 'degraded'),
    },
    {
      name: 'tunorch_tunnel_degraded',
      help: 'Whether loss or latency is over the limit of the tunnel.',
      samples: ofTunnels((outcome) => outcome === 'degraded'),
    },
    ...probeMetrics(all),
    {
      name: 'tunorch_host_reachable',
      help: 'Whether the host could be worked with.',
      samples: (recap?.hosts ?? []).map(({ host, isUnreachable }) => ({
        labels: { host },
        value: Number(!isUnreachable && hosts.get(host)?.failure === undefined),
      })),
    },
    { name: 'tunorch_verify_exit_code', help: 'Exit status of the verify.', samples: [{ labels: {}, value: recap?.exitCode ?? 0 }] },
    { name: 'tunorch_verify_duration_seconds', help: 'How long it took.', samples: [{ labels: {}, value: (recap?.elapsedMs ?? 0) / 1000 }] },
    { name: 'tunorch_verify_timestamp_seconds', help: 'When it was over, since the epoch.', samples: [{ labels: {}, value: at / 1000 }] },
  ];
}

function probeMetrics(tunnels: readonly TunnelState[]): readonly Metric[] {
  const probes = tunnels.flatMap((tunnel) =>
    tunnel.probes.map((probe) => ({ probe, labels: { tunnel: tunnel.name, from: probe.from, to: probe.to, target: probe.target } })),
  );
  return [
    {
      name: 'tunorch_probe_sent',
      help: 'Echo requests sent through the tunnel.',
      samples: probes.map(({ probe, labels }) => ({ labels, value: probe.sent })),
    },
    { name: 'tunorch_probe_received', help: 'Replies to them.', samples: probes.map(({ probe, labels }) => ({ labels, value: probe.received })) },
    {
      name: 'tunorch_probe_rtt_seconds',
      help: 'Average round trip time.',
      samples: probes.flatMap(({ probe, labels }) => (probe.rttMs === undefined ? [] : [{ labels, value: probe.rttMs.avg / 1000 }])),
    },
    {
      name: 'tunorch_full_size_probe_passed',
      help: 'Whether a packet of the full MTU that may not be fragmented crossed.',
      samples: tunnels.flatMap(({ name, fullSize }) =>
        fullSize.map(({ from, passed }) => ({ labels: { tunnel: name, from }, value: Number(passed) })),
      ),
    },
  ];
}

function labelsOf({ name, mode, hosts: [first, second] }: TunnelState): Readonly<Record<string, string>> {
  return { tunnel: name, mode, first, second };
}
