import type { ModeName } from '../domain/tunnel.ts';
import { underEsp } from './esp.ts';
import { gre } from './gre.ts';
import { gretap } from './gretap.ts';
import { ip6gre } from './ip6gre.ts';
import { ip6gretap } from './ip6gretap.ts';
import { ip6tnl } from './ip6tnl.ts';
import { ipip } from './ipip.ts';
import { isatap } from './isatap.ts';
import type { InfoData, Mode } from './mode.ts';
import { sit } from './sit.ts';
import { vti } from './vti.ts';
import { vti6 } from './vti6.ts';
import { vxlan } from './vxlan.ts';

/** The registry: one line a mode. */
export const modes: ReadonlyMap<ModeName, Mode> = new Map(
  [gre, gretap, ipip, sit, isatap, vti, ip6gre, ip6gretap, ip6tnl, vti6, vxlan].map((mode) => [mode.name, underEsp(mode)]),
);

export function modeOf(name: ModeName): Mode {
  const mode = modes.get(name);
  if (mode === undefined) throw new Error(`no mode ${name}`);
  return mode;
}

/** The mode of a device with this `linkinfo.info_kind` and `info_data`, where tunorch knows it. */
export function modeOfLink(kind: string, infoData: InfoData): Mode | undefined {
  return [...modes.values()].find((mode) => mode.kind === kind && (mode.isOne?.(infoData) ?? true));
}

/** The one of two modes that takes what the other was to receive, where both join the same outer addresses. */
export function shadowOf(one: ModeName, other: ModeName): ModeName | undefined {
  return [one, other].find((name) => modeOf(name).shadows?.some((shadowed) => shadowed === one || shadowed === other));
}

/** Devices modules make by themselves, of every mode: never touched and no part of a snapshot. */
export const fallbackDevices: ReadonlySet<string> = new Set([...modes.values()].flatMap((mode) => mode.fallbackDevices));
