import type { ErrorObject } from 'ajv';

interface Validator {
  (value: unknown): boolean;
  /** Of the last call; null when it was valid. */
  errors?: ErrorObject[] | null;
}

/** The compiled form of `inventorySchema`, written by `src/build/validator.mjs`. */
export const validate: Validator;

/** The compiled form of `playbookSchema`. */
export const validatePlaybook: Validator;
