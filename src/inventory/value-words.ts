import type { ErrorObject } from 'ajv';
import type { JsonSchema } from '../modes/mode.ts';
import { nearest } from './nearest.ts';
import { type Objection, schemaOf } from './objection.ts';
import { fieldOf } from './subject.ts';
import { type Tree, treeAt } from './tree.ts';

export function wrongType(error: ErrorObject, path: readonly string[], root: Tree): Objection {
  const found = treeAt(root, path);
  const schema = schemaOf(error);
  const isScalar = found?.kind === 'scalar' && error.keyword === 'anyOf';
  const code = isScalar ? 'inventory.wrong-value' : 'inventory.wrong-type';
  const message = `${fieldOf(path)} must be ${expected(schema)}, not ${isScalar ? `«${found.text}»` : nameOfKind(found)}`;
  return { path, isAboutKey: found?.kind !== 'scalar', problem: { code, message, hint: typeHint(found, schema) } };
}

function typeHint(found: Tree | undefined, schema: JsonSchema): string {
  const isText = [schema.type].flat().includes('string');
  if (found?.kind !== 'scalar' || found.value === null) return `Write ${expected(schema)}.`;
  if (/^0\d+$/.test(found.text) && !isText) return 'Remove the leading zero: some programs would read it as an octal number.';
  if (schema.type === 'array') return `Put it in brackets: [${found.text}].`;
  return isText && /\b(text|word)\b/.test(expected(schema))
    ? 'Put quotes around it, so that YAML keeps it as it is written.'
    : `Write ${expected(schema)}.`;
}

export function outOfRange(error: ErrorObject, path: readonly string[]): Objection {
  const schema = schemaOf(error);
  return {
    path,
    isAboutKey: false,
    problem: { code: 'inventory.out-of-range', message: `${fieldOf(path)} must be ${expected(schema)}`, hint: 'Correct the number.' },
  };
}

export function wrongValue(error: ErrorObject, path: readonly string[], root: Tree): Objection {
  const schema = schemaOf(error);
  const found = treeAt(root, path);
  const word = found?.kind === 'scalar' ? found.text : '';
  const meant = Array.isArray(schema.enum) ? nearest(word, schema.enum.map(String)) : undefined;
  const hint = meant === undefined ? `Write ${expected(schema)}.` : `Did you mean «${meant}»?`;
  const not = found?.kind === 'scalar' && !/pass|secret/i.test(fieldOf(path)) ? `, not «${word}»` : '';
  return {
    path,
    isAboutKey: found?.kind !== 'scalar',
    problem: { code: 'inventory.wrong-value', message: `${fieldOf(path)} must be ${expected(schema)}${not}`, hint },
  };
}

/** The end of «… must be …». */
function expected(schema: JsonSchema): string {
  if (typeof schema['x-expected'] === 'string') return schema['x-expected'];
  const { minimum, maximum, exclusiveMinimum } = schema;
  const number = schema.type === 'integer' ? 'a whole number' : 'a number';
  if (minimum !== undefined && maximum !== undefined) return `${number} from ${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined) return `${number} greater than ${exclusiveMinimum}`;
  return schema.type === 'integer' || schema.type === 'number' ? number : 'another value';
}

function nameOfKind(tree: Tree | undefined): string {
  if (tree?.kind === 'mapping') return 'a mapping';
  if (tree?.kind === 'sequence') return 'a list';
  const value = tree?.value;
  if (value === null || value === undefined) return 'empty';
  // The value itself may be a password.
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? 'text' : 'a number';
}
