import type { TestProject } from 'vitest/node';
import type { Lab } from '../../../src/lab/lab.ts';
import { endLab } from '../../../src/lab/lab-state.ts';
import { labUp } from '../../../src/lab/lab-up.ts';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The lab all e2e files share; see `sharedLab`. */
    labName: string;
  }
}

let lab: Lab | undefined;

/** Boots the guests all e2e files share, once; they end with this process, however it ends. */
export async function setup(project: TestProject): Promise<void> {
  const topology = TOPOLOGIES.get('everything');
  if (topology === undefined) throw new Error('there is no topology "everything"');
  lab = await labUp(topology, { onProgress: (line) => process.stderr.write(`lab: ${line}\n`) });
  project.provide('labName', lab.name);
}

export async function teardown(): Promise<void> {
  if (lab !== undefined) await endLab(lab);
}
