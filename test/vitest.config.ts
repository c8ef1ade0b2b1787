import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const labSetup = 'test/e2e/support/global-setup.ts';

/** Tests that share a machine: real processes, ports and kernels, so one file at a time and long limits. */
function onMachine(name: string, include: string, minutes: number): TestProjectInlineConfiguration {
  const timeout = minutes * 60_000;
  return {
    test: { name, root, include: [include], exclude: [], pool: 'forks', fileParallelism: false, testTimeout: timeout, hookTimeout: timeout },
  };
}

function inLab(project: TestProjectInlineConfiguration): TestProjectInlineConfiguration {
  return existsSync(`${root}${labSetup}`) ? { test: { ...project.test, globalSetup: [labSetup] } } : project;
}

export default defineConfig({
  test: {
    root,
    // Most of a test is waiting for shells, so both of two cores may be used.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'fast', root, include: ['test/{unit,golden}/**/*.test.{ts,tsx}'], pool: 'forks', testTimeout: 30_000 } },
      { test: { ...onMachine('protocol', 'test/protocol/**/*.test.ts', 1).test, fileParallelism: true } },
      onMachine('namespaces', 'test/namespaces/**/*.test.ts', 10),
      inLab(onMachine('e2e', 'test/e2e/**/*.test.ts', 10)),
      inLab(onMachine('bench', 'test/bench/up.bench.ts', 30)),
      onMachine('fleet', 'test/bench/fleet.bench.ts', 60),
      inLab(onMachine('long', 'test/long/**/*.test.ts', 60)),
    ],
  },
});
