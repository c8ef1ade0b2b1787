import { Ajv, type ValidateFunction } from 'ajv';
import { eventSchema } from '../../src/ui/event-schema.ts';

interface EventSchema {
  readonly properties: { readonly type: { readonly const?: string } };
}

const validators = new Map(
  (eventSchema.oneOf as readonly EventSchema[]).flatMap((schema): readonly (readonly [string, ValidateFunction])[] => {
    const type = schema.properties.type.const;
    return type === undefined ? [] : [[type, new Ajv({ allErrors: true }).compile(closed(schema) as object)]];
  }),
);

/** Why an event is not of the published vocabulary. Unlike for readers, a type or a field that is not in it is a mistake here. */
export function eventProblems(event: { readonly type: string }): readonly string[] {
  const validate = validators.get(event.type);
  if (validate === undefined) return [`there is no type ${event.type}`];
  if (validate(JSON.parse(JSON.stringify(event)))) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${event.type}${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** The schema without room for fields that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, closed(member)]));
  return 'properties' in members ? { ...members, additionalProperties: false } : members;
}
