import type { Family } from '../domain/address.ts';

/** Bytes of an echo beside its payload: the header of IP and that of ICMP. */
export const ECHO_HEADER_BYTES: Readonly<Record<Family, number>> = { 4: 28, 6: 48 };

export interface PingCounts {
  readonly sent: number;
  readonly received: number;
}

/** How many echoes went and came back, by the summary of iputils or busybox; none where there is no summary. */
export function readPingCounts(words: string): PingCounts {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(words);
  return { sent: Number(counts?.[1] ?? 0), received: Number(counts?.[2] ?? 0) };
}
