import { playbookSchema } from '../../inventory/playbook/playbook-schema.ts';
import { inventorySchema } from '../../inventory/schema.ts';
import { eventSchema } from '../../ui/event-schema.ts';

const SCHEMAS: Readonly<Record<string, object>> = { inventory: inventorySchema, playbook: playbookSchema, events: eventSchema };

/** Prints a JSON Schema: the one that inventories or playbooks are validated with, for their first line and an editor, or the one of events. */
export function printSchema(of: string): void {
  process.stdout.write(`${JSON.stringify(SCHEMAS[of], undefined, 2)}\n`);
}
