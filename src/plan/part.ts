import type { PlannedChange } from './change.ts';
import type { Operation, Step } from './operation.ts';

/** What planning one object yields: lines for people, steps for hosts. */
export interface Part {
  readonly changes: readonly PlannedChange[];
  readonly steps: readonly Step[];
}

export const NOTHING: Part = { changes: [], steps: [] };

/** Whose steps are being made. */
export interface Owner {
  readonly host: string;
  readonly tunnel: string;
}

export function join(parts: readonly Part[]): Part {
  return { changes: parts.flatMap(({ changes }) => changes), steps: parts.flatMap(({ steps }) => steps) };
}

export function step(
  owner: Owner,
  title: string,
  operations: { readonly forward: readonly Operation[]; readonly inverse: readonly Operation[] },
): Step {
  return { host: owner.host, tunnel: owner.tunnel, title, ...operations };
}
