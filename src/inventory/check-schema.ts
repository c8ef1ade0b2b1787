import type { ErrorObject } from 'ajv';
import { nearest } from './nearest.ts';
import type { Objection, Words } from './objection.ts';
import { problemAt, type Report } from './problem.ts';
import { wordsOf } from './schema-words.ts';
import { isLiteral, keyAt, plainOf, type Tree, treeAt } from './tree.ts';
import { validate } from './validator.generated.js';

/**
 * Judges the shape of one file, each mistake once.
 *
 * @param root - in the form of a YAML inventory, whatever form the file had
 */
export function checkSchema(root: Tree, report: Report): void {
  checkShape(root, { validate, wordsOf }, report);
}

/** A schema compiled, and what it is said in. */
export interface Shape {
  readonly validate: typeof validate;
  readonly wordsOf: Words;
}

/** Judges the shape of any file, each mistake once. */
export function checkShape(root: Tree, { validate, wordsOf }: Shape, report: Report): void {
  if (validate(plainOf(root))) return;
  for (const error of withoutEchoes(validate.errors ?? [])) {
    const path = pathOf(error.instancePath);
    const found = treeAt(root, path);
    // Templates and values that are read late were reported for what they are.
    if (found?.kind === 'scalar' && !isLiteral(found)) continue;
    const objection = wordsOf(error, path, root);
    if (objection !== undefined) report(problemAt(placeOf(root, objection), objection.problem));
  }
}

/** Drops errors that repeat another: each of several alternatives, and the missing key that a misspelt one is. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = new Map(errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath, schemaPath }) => [instancePath, schemaPath]));
  const strange = new Map<string, readonly string[]>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword === 'additionalProperties') strange.set(instancePath, [...(strange.get(instancePath) ?? []), String(params.additionalProperty)]);
  }
  return errors.filter(({ keyword, instancePath, schemaPath, params, propertyName }) => {
    if (propertyName !== undefined) return false;
    if (keyword === 'required') return nearest(String(params.missingProperty), strange.get(instancePath) ?? []) === undefined;
    const alternative = alternatives.get(instancePath);
    return alternative === undefined || alternative === schemaPath || !schemaPath.startsWith(alternative);
  });
}

function placeOf(root: Tree, { path, isAboutKey }: Objection) {
  return isAboutKey ? keyAt(root, path) : (treeAt(root, path) ?? keyAt(root, path));
}

/** The steps of a JSON pointer (RFC 6901). */
function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}
