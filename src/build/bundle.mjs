import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { tunorch: 'src/cli/main.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    // The build for browsers is the same but for a look into the environment at each token, which Node makes slow.
    alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.TUNORCH_VERSION': JSON.stringify(version) },
    banner: { js: REQUIRE },
    plugins: [absentPackages],
    logLevel: 'warning',
  });
  await chmod(`${root}dist/tunorch.js`, 0o755);
  await writeFile(`${root}dist/LICENSES.txt`, await licensesOf(Object.keys(metafile.inputs)));
}

/** The licences of the packages inside the bundle, which ask to be passed on with it. */
async function licensesOf(inputs) {
  const folders = inputs.flatMap((path) => path.match(/^node_modules\/.*node_modules\/(?:@[^/]+\/)?[^/]+|^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseOf));
  return texts.join('\n\n');
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${root}${folder}/package.json`, 'utf8'));
  const file = (await readdir(`${root}${folder}`)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${(await readFile(`${root}${folder}/${file}`, 'utf8')).trim()}`;
  return `${name} ${version} (${license})${text}\n`;
}

/** CommonJS packages use `require`, `__filename` and `__dirname`; an ES module has none. */
const REQUIRE = [
  "import { createRequire as createRequireHere } from 'node:module';",
  "import { fileURLToPath as pathOfUrl } from 'node:url';",
  'const require = createRequireHere(import.meta.url);',
  'const __filename = pathOfUrl(import.meta.url);',
  "const __dirname = pathOfUrl(new URL('.', import.meta.url));",
].join(' ');

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
