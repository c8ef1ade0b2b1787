import { inventorySchema } from '../../inventory/schema.ts';

/** Prints the JSON Schema that inventories are validated with, for the first line of an inventory and its editor. */
export function printSchema(): void {
  process.stdout.write(`${JSON.stringify(inventorySchema, undefined, 2)}\n`);
}
