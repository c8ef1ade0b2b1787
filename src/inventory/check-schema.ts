import type { ErrorObject } from 'ajv';
import { type Problem, problemAt, type Report } from './problem.ts';
import { wordsOf } from './schema-words.ts';
import { keyAt, plainOf, type Tree, type TreePath, treeAt } from './tree.ts';
import { validate } from './validator.generated.js';

/** One thing the schema objects to, with the place the objection belongs to. */
export interface Objection {
  readonly path: TreePath;
  /** Whether the key is to be shown, rather than its value. */
  readonly isAboutKey: boolean;
  readonly problem: Problem;
}

/**
 * Judges the shape of one file, each mistake once.
 *
 * @param root - in the form of a YAML inventory, whatever form the file had
 */
export function checkSchema(root: Tree, report: Report): void {
  if (validate(plainOf(root))) return;
  const errors = validate.errors ?? [];
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath, instancePath }) => ({ schemaPath, instancePath }));
  const isPartOfAlternative = (error: ErrorObject) =>
    alternatives.some((one) => error.instancePath === one.instancePath && error.schemaPath.startsWith(`${one.schemaPath}/`));
  for (const error of errors) {
    if (error.propertyName !== undefined || isPartOfAlternative(error)) continue;
    const objection = wordsOf(error, pathOf(error.instancePath), root);
    if (objection !== undefined) report(problemAt(placeOf(root, objection), objection.problem));
  }
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
