/**
 * Compiles the JSON Schemas of inventories and playbooks into functions without dependencies.
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

const validatorFile = fileURLToPath(new URL('../inventory/validator.generated.js', import.meta.url));

const resolveDir = dirname(validatorFile);
const contents = "export * from './schema.ts'; export * from './playbook/playbook-schema.ts';";
const schemas = await import(`data:text/javascript,${encodeURIComponent(bundle({ stdin: { contents, resolveDir, loader: 'ts' } }))}`);
const code = bundle({ stdin: { contents: compile(schemas), resolveDir } }, true);
mkdirSync(dirname(validatorFile), { recursive: true });
writeIfChanged(validatorFile, `// Written by src/build/validator.mjs from the schemas.\n${code}`);

function compile({ inventorySchema, playbookSchema }) {
  const ajv = new Ajv2020.default({
    allErrors: true,
    discriminator: true,
    ownProperties: true,
    inlineRefs: false,
    allowUnionTypes: true,
    // Addresses are judged by the checks, whose words fit; `format` is for editors.
    validateFormats: false,
    keywords: ['x-expected'],
    // Each error brings its part of the schema along, for the words of its message.
    verbose: true,
    code: { source: true, esm: true },
  });
  ajv.addSchema(inventorySchema, 'inventory');
  ajv.addSchema(playbookSchema, 'playbook');
  return standaloneCode.default(ajv, { validate: 'inventory', validatePlaybook: 'playbook' });
}

function bundle(input, isMinified = false) {
  const { outputFiles } = buildSync({
    ...input,
    bundle: true,
    minify: isMinified,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
  });
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
