import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Lab } from '../../../src/lab/lab.ts';
import { endLab } from '../../../src/lab/lab-state.ts';
import { labUp } from '../../../src/lab/lab-up.ts';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';
import { type LabsOnDemand, serveLabs } from './labs-on-demand.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The lab all e2e files share; see `sharedLab`. */
    labName: string;
    /** Where labs that only some files need are asked for; see `labOnDemand`. */
    labsSocket: string;
  }
}

let lab: Lab | undefined;
let onDemand: LabsOnDemand | undefined;

/** Boots the guests all e2e files share, once; they end with this process, however it ends. */
export async function setup(project: TestProject): Promise<void> {
  const topology = TOPOLOGIES.get('everything');
  if (topology === undefined) throw new Error('there is no topology "everything"');
  const onProgress = (line: string): void => void process.stderr.write(`lab: ${line}\n`);
  lab = await labUp(topology, { onProgress });
  const labsSocket = join(lab.socketFolder, 'labs');
  onDemand = await serveLabs(labsSocket, onProgress);
  project.provide('labName', lab.name);
  project.provide('labsSocket', labsSocket);
}

export async function teardown(): Promise<void> {
  await onDemand?.end();
  if (lab !== undefined) await endLab(lab);
}
