import { modeOf } from '../modes/index.ts';
import type { EndEvidence } from './evidence.ts';

/** An attribute of a device that is not what the inventory makes of it. */
export interface AttributeDifference {
  readonly name: string;
  readonly found: string | number | boolean | undefined;
  readonly wanted: string | number | boolean | undefined;
}

/** Of these attributes, those in which an end differs from what was declared; none where its device is missing or of another mode. */
export function differencesIn({ link, wanted }: EndEvidence, names: readonly string[]): readonly AttributeDifference[] {
  if (link === undefined || link.mode !== wanted.mode) return [];
  const attributes = modeOf(wanted.mode).attributes(wanted);
  return names.map((name) => ({ name, found: link.attributes[name], wanted: attributes[name] })).filter((one) => one.found !== one.wanted);
}

/** `remote 9.9.9.9 (the inventory says 30.1.1.2)`. */
export function differenceWords({ name, found, wanted }: AttributeDifference): string {
  return `${name} ${found ?? 'unset'} (the inventory says ${wanted ?? 'unset'})`;
}
