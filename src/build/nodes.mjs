import { spawnSync } from 'node:child_process';

/** The oldest Node that is promised, and each even line since. */
const VERSIONS = ['20.19', '22', '24', '26'];

const COMMANDS = [
  ['src/build/build.mjs'],
  ['dist/tunorch.js', '--version'],
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--project', 'fast'],
];

for (const version of VERSIONS) {
  for (const words of COMMANDS) runUnder(version, words);
}
process.stdout.write(`ok on Node ${VERSIONS.join(', ')}\n`);

function runUnder(version, words) {
  process.stdout.write(`\nNode ${version}: ${words.join(' ')}\n`);
  const { status, error } = spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', ...words], { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status === 0) return;
  process.stdout.write(`failed on Node ${version}\n`);
  process.exit(1);
}
