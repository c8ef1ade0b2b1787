import type { ModeName } from '../domain/tunnel.ts';
import { gre } from './gre.ts';
import { ipip } from './ipip.ts';
import type { Mode } from './mode.ts';

/** The registry: one line a mode. */
export const modes: ReadonlyMap<ModeName, Mode> = new Map([gre, ipip].map((mode) => [mode.name, mode]));

export function modeOf(name: ModeName): Mode {
  const mode = modes.get(name);
  if (mode === undefined) throw new Error(`no mode ${name}`);
  return mode;
}

/** The mode a device of `linkinfo.info_kind` belongs to, where tunorch knows it. */
export function modeOfKind(kind: string): Mode | undefined {
  return modes.get(kind as ModeName);
}

/** Devices modules make by themselves, of every mode: never touched and no part of a snapshot. */
export const fallbackDevices: ReadonlySet<string> = new Set([...modes.values()].flatMap((mode) => mode.fallbackDevices));
