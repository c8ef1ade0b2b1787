/**
 * Compiles the inventory's JSON Schema into a function without dependencies.
 *
 * At run time the compilation would cost more than all the rest of a start. The compiled code still
 * refers to small parts of ajv by `require`, so it is bundled before it is written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { buildSync } from 'esbuild';

const schemaFile = fileURLToPath(new URL('../inventory/schema.ts', import.meta.url));
const validatorFile = fileURLToPath(new URL('../inventory/validator.generated.js', import.meta.url));

const { inventorySchema } = await import(`data:text/javascript,${encodeURIComponent(bundle({ entryPoints: [schemaFile] }))}`);
const code = bundle({ stdin: { contents: compile(inventorySchema), resolveDir: dirname(validatorFile) } });
mkdirSync(dirname(validatorFile), { recursive: true });
writeIfChanged(validatorFile, `// Written by src/build/validator.mjs from schema.ts.\n${code}`);

function compile(schema) {
  const ajv = new Ajv2020.default({
    allErrors: true,
    discriminator: true,
    ownProperties: true,
    allowUnionTypes: true,
    // Addresses are judged by the checks, whose words fit; `format` is for editors.
    validateFormats: false,
    keywords: ['x-expected'],
    // Each error brings its part of the schema along, for the words of its message.
    verbose: true,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema(schema, 'inventory');
  return standaloneCode.default(ajv, { validate: 'inventory' });
}

function bundle(input) {
  const { outputFiles } = buildSync({ ...input, bundle: true, write: false, format: 'esm', platform: 'neutral', mainFields: ['main'] });
  return outputFiles[0].text;
}

/** A file that stays the same must not wake a watching test runner. */
function writeIfChanged(file, text) {
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    before = undefined;
  }
  if (before !== text) writeFileSync(file, text);
}
