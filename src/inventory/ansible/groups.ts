/** A group with what the inventory says of it directly. */
export interface Group {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  /** Longest way down from `all`, which has 0; the vars of deeper groups win. */
  readonly depth: number;
  /** `ansible_group_priority`, 1 when left out: decides between groups of one depth. */
  readonly priority: number;
}

/** By name; `all` and `ungrouped` are always there. */
export type Groups = ReadonlyMap<string, Group>;

/** All hosts of a group and of the groups below it, nearest first, each once. */
export function hostsOf(groups: Groups, name: string): readonly string[] {
  return [...new Set(descendantsOf(groups, name).flatMap((group) => group.hosts))];
}

function descendantsOf(groups: Groups, name: string): readonly Group[] {
  const names = new Set([name]);
  // A set is walked in the order of insertion, also while it grows.
  for (const next of names) for (const child of groups.get(next)?.children ?? []) names.add(child);
  return [...names].flatMap((next) => groups.get(next) ?? []);
}
