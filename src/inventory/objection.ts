import type { ErrorObject } from 'ajv';
import type { JsonSchema } from '../modes/mode.ts';
import type { Problem } from './problem.ts';
import type { Tree, TreePath } from './tree.ts';

/** One thing the schema objects to, with the place the objection belongs to. */
export interface Objection {
  readonly path: TreePath;
  /** Whether the key is to be shown, rather than its value. */
  readonly isAboutKey: boolean;
  readonly problem: Problem;
}

/** Puts an error of the validator into words; undefined where another error says the same. */
export type Words = (error: ErrorObject, path: readonly string[], root: Tree) => Objection | undefined;

/** The part of the schema that was not met (ajv's option verbose). */
export function schemaOf({ parentSchema }: ErrorObject): JsonSchema {
  return parentSchema ?? {};
}
