import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface Report {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** Lints files under the project's own configuration, in a folder of their own. */
export async function lintSamples(samples: ReadonlyMap<string, string>): Promise<readonly Report[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tunorch-lint-'));
  try {
    cpSync('.biome.json', join(folder, '.biome.json'));
    cpSync('.biome', join(folder, '.biome'), { recursive: true });
    for (const [path, text] of samples) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return reportsIn(await lint(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lint(folder: string): Promise<string> {
  const words = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  return new Promise((done, fail) => {
    execFile(resolve('node_modules/.bin/biome'), words, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      if (stdout.startsWith('{')) done(stdout);
      else fail(new Error(stderr));
    });
  });
}

function reportsIn(output: string): readonly Report[] {
  const { diagnostics } = JSON.parse(output) as { diagnostics: { category: string; message: string; location: { path: string } }[] };
  return diagnostics.map(({ category, message, location }) => ({ path: location.path, rule: category.split('/').at(-1) ?? '', message }));
}
