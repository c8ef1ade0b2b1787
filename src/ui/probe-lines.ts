import type { ProbeResult } from '../run/events.ts';
import type { FullSizeProbe } from './run-state.ts';
import { oneLine } from './width.ts';
import { formatLoss, formatMs } from './words.ts';

/** `router-a → router-b 10.10.10.1: 3/3 replies, rtt 0.40/0.52/0.71 ms, jitter 0.10 ms, loss 0 %` */
export function probeLine(probe: ProbeResult): string {
  const way = `${probe.from} → ${probe.to} ${probe.target}`;
  const rtt = probe.rttMs === undefined ? '' : `, rtt ${[probe.rttMs.min, probe.rttMs.avg, probe.rttMs.max].map(formatMs).join('/')} ms`;
  const jitter = probe.jitterMs === undefined ? '' : `, jitter ${formatMs(probe.jitterMs)} ms`;
  return oneLine(`${way}: ${probe.received}/${probe.sent} replies${rtt}${jitter}, loss ${formatLoss(probe)}`);
}

/** `router-a → router-b: a full packet of 1476 bytes passed` */
export function fullSizeLine(probe: FullSizeProbe, hosts: readonly [string, string] | undefined): string {
  const to = hosts?.find((host) => host !== probe.from) ?? 'its peer';
  return oneLine(`${probe.from} → ${to}: a full packet of ${probe.mtuBytes} bytes ${probe.passed ? 'passed' : 'was lost'}`);
}
