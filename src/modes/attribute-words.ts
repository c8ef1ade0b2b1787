import type { Attributes } from '../domain/observed.ts';

/** `name value` for each attribute that is set, in the order of `names`. */
export function valueWords(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [name, String(value)];
  });
}

/** A bare word for each flag that is on. */
export function flagWords(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.filter((name) => attributes[name] === true);
}

/** Drops attributes without a value, so that two records compare by what they say. */
export function compact(attributes: Readonly<Record<string, string | number | boolean | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined));
}

/** iproute2 prints an unset address as `any` and leaves out an unbound `link`. */
export function addressAttribute(value: unknown): string | undefined {
  return typeof value === 'string' && value !== 'any' && value !== '0.0.0.0' && value !== '::' ? value : undefined;
}

/** iproute2 prints keys as dotted quads in `ip -d link`, in text and in JSON. */
export function keyAttribute(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  return value.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** JSON has `ttl: 0`, and `inherit` in some versions, for a ttl taken from the inner packet. */
export function ttlAttribute(value: unknown): number | 'inherit' {
  return typeof value === 'number' && value > 0 ? value : 'inherit';
}

/** `"0x10"`, and `"0x1"` for inherit; iproute2 reads what it prints, as hexadecimal. */
export function tosAttribute(value: unknown): string | undefined {
  if (typeof value !== 'string' || /^(0x)?0+$/.test(value)) return undefined;
  return value === '0x1' ? 'inherit' : value.replace(/^0x/, '');
}
