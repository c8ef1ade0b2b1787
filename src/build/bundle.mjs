import { chmod, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles the program into dist/: the published package has no run-time dependencies and starts fast.
 *
 * What a command needs only sometimes (ssh2, Ink) becomes a chunk of its own wherever the source loads
 * it with `import()`. Names and lines are kept readable, because a bug is reported with its stack.
 */
export async function bundle() {
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  await rm(`${root}dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { tunorch: 'src/cli/main.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.TUNORCH_VERSION': JSON.stringify(version) },
    banner: { js: REQUIRE },
    plugins: [absentPackages],
    logLevel: 'warning',
  });
  await chmod(`${root}dist/tunorch.js`, 0o755);
}

/** CommonJS packages call `require` for Node's own modules; an ES module has none. */
const REQUIRE = "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

/**
 * Packages that their users load in a `try` and do without: ssh2's native parts, which no measurement
 * here found faster, and React's developer tools.
 */
const absentPackages = {
  name: 'absent-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(cpu-features|react-devtools-core)$|\.node$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of the bundle`)});`,
      loader: 'js',
    }));
  },
};
