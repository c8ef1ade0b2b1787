import type { Family } from './address.ts';

/** The largest segment forwarded TCP may agree on: `auto` is what the route it takes leaves, else bytes. */
export type MssClamp = 'auto' | number;

export type FirewallTool = 'nft' | 'iptables';

/** Rules of tunorch's own that lower the segment size in what is forwarded into a device and out of it. */
export interface Clamp {
  readonly device: string;
  readonly tunnel: string;
  readonly size: MssClamp;
  readonly tool: FirewallTool;
  /** iptables has a program for each; a table of nft's family inet serves both. */
  readonly families: readonly Family[];
}
