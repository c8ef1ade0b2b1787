import type { ErrorObject } from 'ajv';

/** The compiled form of `inventorySchema`, written by `src/build/validator.mjs`. */
export const validate: {
  (value: unknown): boolean;
  /** Of the last call; null when it was valid. */
  errors?: ErrorObject[] | null;
};
