import { describe, expect, it } from 'vitest';
import { notBuilt } from '../../../src/inventory/schema/not-built.ts';
import { inventorySchema } from '../../../src/inventory/schema.ts';
import { modes } from '../../../src/modes/index.ts';

/** Every property of the schema with the path that leads to it. */
function propertiesIn(schema: unknown, path = ''): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    const own = name === 'properties' ? Object.entries(value as object).filter(([, property]) => typeof property === 'object') : [];
    return [...own.map(([key, property]) => [`${path}/${key}`, property] as const), ...propertiesIn(value, `${path}/${name}`)];
  });
}

describe('inventorySchema', () => {
  it('describes every field for editors', () => {
    const silent = propertiesIn(inventorySchema).filter(([, property]) => typeof property.description !== 'string');
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('has a definition for every mode', () => {
    expect(Object.keys(inventorySchema.$defs as object)).toEqual(expect.arrayContaining([...modes.keys()].map((mode) => `${mode}-tunnel`)));
  });

  it('can be printed', () => {
    expect(JSON.parse(JSON.stringify(inventorySchema))).toEqual(inventorySchema);
  });

  it('does not refuse what is built', () => {
    const fields = [...modes.values()].flatMap((mode) => [...Object.keys(mode.tunnelSchema), ...Object.keys(mode.endpointSchema)]);
    expect(fields.filter((field) => notBuilt.tunnel.has(field))).toEqual([]);
  });
});
