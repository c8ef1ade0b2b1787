import type { ProbeResult } from '../run/events.ts';
import type { TunnelState } from './run-state.ts';
import { formatLoss, formatMs } from './words.ts';

/** A tunnel's probes in one line: both directions count, so the worse one speaks. */
export interface Health {
  /** `0.52 ms`, or `–` where nothing came back or nothing was sent. */
  readonly rtt: string;
  /** `0 %`, or `–` before the first probe. */
  readonly loss: string;
  readonly hasLoss: boolean;
}

export function healthOf(tunnel: Pick<TunnelState, 'probes'>): Health {
  const worst = worstLoss(tunnel.probes);
  const averages = tunnel.probes.flatMap((probe) => (probe.rttMs === undefined ? [] : [probe.rttMs.avg]));
  return {
    rtt: averages.length === 0 ? '–' : `${formatMs(Math.max(...averages))} ms`,
    loss: worst === undefined ? '–' : formatLoss(worst),
    hasLoss: worst !== undefined && worst.received < worst.sent,
  };
}

function worstLoss(probes: readonly ProbeResult[]): ProbeResult | undefined {
  const lossOf = (probe: ProbeResult) => (probe.sent === 0 ? 0 : (probe.sent - probe.received) / probe.sent);
  return probes.reduce<ProbeResult | undefined>((worst, probe) => (worst && lossOf(worst) >= lossOf(probe) ? worst : probe), undefined);
}

/** The MTU, with `!` where a full-size packet did not get through. */
export function mtuOf(tunnel: Pick<TunnelState, 'mtuBytes' | 'fullSize'>): string {
  const mtuBytes = tunnel.mtuBytes ?? tunnel.fullSize[0]?.mtuBytes;
  if (mtuBytes === undefined) return '–';
  return tunnel.fullSize.some((probe) => !probe.passed) ? `${mtuBytes}!` : `${mtuBytes}`;
}
