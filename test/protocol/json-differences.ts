type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Places where two values differ, as `_meta › hostvars › h`; the order of keys does not count, that of lists does. */
export function differences(one: Json | undefined, other: Json | undefined, path: readonly string[] = []): readonly string[] {
  if (one === other) return [];
  const [ours, theirs] = [membersOf(one), membersOf(other)];
  if (ours === undefined || theirs === undefined || Array.isArray(one) !== Array.isArray(other)) return [path.join(' › ')];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  return names.flatMap((name) => differences(ours.get(name), theirs.get(name), [...path, name]));
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}
