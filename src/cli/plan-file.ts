import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { PlannedChange, RunEvent } from '../run/events.ts';

const SCHEMA = 'tunorch-plan/1';

/** A plan on its way from whoever made it to whoever does it, readable for whoever agrees in between. */
export interface SavedPlan {
  readonly version: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly adopt: boolean;
  readonly prune: boolean;
  readonly tunnels: readonly PlannedTunnel[];
}

export interface PlannedTunnel {
  readonly name: string;
  /** Only the hosts have it: it is to be removed. */
  readonly isStray: boolean;
  readonly changes: readonly PlannedChange[];
  /** Of everything that would be done and undone. */
  readonly digest: string;
}

/** Listens to a plan being made. */
export function planListener(): { hear(event: RunEvent): void; readonly tunnels: readonly PlannedTunnel[] | undefined } {
  const planned = new Map<string, PlannedTunnel>();
  const strays = new Set<string>();
  let isWhole = false;
  return {
    hear(event) {
      if (event.type === 'tunnel-added') strays.add(event.tunnel.name);
      if (event.type === 'tunnel-planned' && event.digest !== undefined) {
        const { tunnel: name, changes, digest } = event;
        planned.set(name, { name, isStray: strays.has(name), changes, digest });
      }
      if (event.type === 'run-finished') isWhole = event.recap.tunnels.every(({ outcome }) => outcome === 'ok' || outcome === 'pending');
    },
    /** Undefined where a tunnel could not be planned: half a plan is none. */
    get tunnels() {
      return isWhole ? [...planned.values()] : undefined;
    },
  };
}

/** @throws Error - of node:fs, where the file cannot be written */
export async function writePlan(path: string, plan: SavedPlan): Promise<void> {
  const content = { schema: SCHEMA, ...plan };
  await writeFile(path, `${JSON.stringify({ ...content, sha256: hashOf(content) }, undefined, 2)}\n`);
}

/** Reads a plan; what was changed by hand, or is none, is refused in words for people. */
export async function readPlan(path: string): Promise<SavedPlan | { readonly refused: string }> {
  const text = await readFile(path, 'utf8').catch((error: Error) => error);
  if (text instanceof Error) return { refused: `the plan cannot be read: ${text.message}` };
  const written = parsed(text);
  if (written?.schema !== SCHEMA) return { refused: `${path} is no plan of this version. Make one with: tunorch plan --out ${path} INVENTORY` };
  const { sha256, ...content } = written;
  if (sha256 !== hashOf(content))
    return { refused: `${path} was changed after it was made. Make a new one with: tunorch plan --out ${path} INVENTORY` };
  return content as unknown as SavedPlan;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
