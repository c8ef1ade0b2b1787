import type { ErrorObject } from 'ajv';
import { didYouMean } from '../nearest.ts';
import { type Objection, schemaOf, type Words } from '../objection.ts';
import { outOfRange, wrongType, wrongValue } from '../value-words.ts';

/** The objection in the words of playbooks; undefined where another error says the same. */
export const playbookWords: Words = (error, path, root) => (WORDS[error.keyword] ?? wrongValue)(error, path, root);

const WORDS: Readonly<Record<string, Words>> = {
  additionalProperties: strangeKey,
  required: missingKey,
  type: wrongType,
  anyOf: wrongType,
  minItems: wrongType,
  minimum: outOfRange,
  maximum: outOfRange,
};

function strangeKey(error: ErrorObject, path: readonly string[]): Objection {
  const key = String(error.params.additionalProperty);
  const known = Object.keys((schemaOf(error).properties ?? {}) as object);
  const hint = didYouMean(key, known, `Known here: ${known.join(', ')}.`);
  return {
    path: [...path, key],
    isAboutKey: true,
    problem: { code: 'inventory.unknown-key', message: `${subjectOf(path)} has no field «${key}»`, hint },
  };
}

function missingKey(error: ErrorObject, path: readonly string[]): Objection {
  const key = String(error.params.missingProperty);
  const hint = HINTS[key] ?? `Add ${key}.`;
  return { path, isAboutKey: true, problem: { code: 'inventory.missing-key', message: `${subjectOf(path)} lacks «${key}»`, hint } };
}

const HINTS: Readonly<Record<string, string>> = {
  name: 'Add a name, such as «name: one site first».',
  steps: 'Add what is to be done, such as «steps: [preflight, up, verify]».',
  command: 'Add what is to be run, such as «command: systemctl reload bird».',
  undo: 'Add what undoes the command; where there is nothing to undo, write «undo: ":"».',
};

/** `play 2`, `step 1 of play 2`, `run in step 1 of play 2`; counted from 1. */
function subjectOf([play, steps, step, field]: readonly string[]): string {
  if (play === undefined) return 'the playbook';
  const number = (index: string) => String(Number(index) + 1);
  if (steps !== 'steps' || step === undefined) return `play ${number(play)}`;
  return `${field === undefined ? '' : `${field} in `}step ${number(step)} of play ${number(play)}`;
}
