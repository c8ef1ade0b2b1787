import { playbookSchema } from '../../inventory/playbook/playbook-schema.ts';
import { inventorySchema } from '../../inventory/schema.ts';

const SCHEMAS = { inventory: inventorySchema, playbook: playbookSchema };

/** Prints the JSON Schema that inventories or playbooks are validated with, for the first line of one and its editor. */
export function printSchema(of: keyof typeof SCHEMAS): void {
  process.stdout.write(`${JSON.stringify(SCHEMAS[of], undefined, 2)}\n`);
}
