import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type LabsOnDemand, serveLabs } from './labs-on-demand.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for labs; see `askForLab`. */
    labsSocket: string;
  }
}

let folder: string | undefined;
let onDemand: LabsOnDemand | undefined;

/** The guests that test files share; they end with this process, however it ends. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'tunorch-labs-'));
  const labsSocket = join(folder, 'labs');
  onDemand = await serveLabs(labsSocket, (line) => void process.stderr.write(`lab: ${line}\n`));
  project.provide('labsSocket', labsSocket);
}

export async function teardown(): Promise<void> {
  await onDemand?.end();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
