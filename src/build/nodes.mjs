import { spawnSync } from 'node:child_process';

/** The oldest Node that is promised, and each even line since. */
const VERSIONS = ['20.19', '22', '24', '26'];

const COMMANDS = [
  ['src/build/build.mjs'],
  ['dist/tunorch.js', '--version'],
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--project', 'fast'],
];

const failed = VERSIONS.filter((version) => !COMMANDS.every((words) => isGoodUnder(version, words)));
process.stdout.write(failed.length === 0 ? `ok on Node ${VERSIONS.join(', ')}\n` : `failed on Node ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function isGoodUnder(version, words) {
  process.stdout.write(`\nNode ${version}: ${words.join(' ')}\n`);
  const { status, error } = spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', ...words], { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status === 0;
}
