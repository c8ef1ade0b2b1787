export type Schema = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, Schema>>;

export const TEXT = { type: 'string' };
export const NAME = { type: 'string', minLength: 1 };
export const NAMES = { type: 'array', items: NAME };
export const TEXTS = { type: 'array', items: TEXT };
export const COUNT = { type: 'integer', minimum: 0 };
export const MTU = { type: 'integer', minimum: 0, description: 'Bytes.' };
export const NUMBER = { type: 'number' };
export const YES_OR_NO = { type: 'boolean' };
export const MILLISECONDS = { type: 'number', minimum: 0, description: 'Milliseconds.' };

export function object(required: Fields, optional: Fields = {}): Schema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

export function arrayOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOf(values: Readonly<Record<string, 0>>): Schema {
  return { enum: Object.keys(values) };
}
