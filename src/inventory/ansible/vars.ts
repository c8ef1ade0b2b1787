import type { Entry, Scalar, Tree } from '../tree.ts';
import type { Group } from './groups.ts';
import type { Roster } from './roster.ts';

/** The variables of one host as plain values, for printing; what is read late is `***`. */
export type Vars = Readonly<Record<string, unknown>>;

/** The variables of one host after precedence, each with the place that won. */
export type HostVars = ReadonlyMap<string, Entry>;

/** `priority` moves a group and is no variable of its hosts. */
const NO_VARIABLE = 'ansible_group_priority';

/**
 * Merges vars as Ansible does, weakest first (`VARIABLE_PRECEDENCE`): vars of groups in inventory files, from `all` down;
 * group_vars/ in the same order; vars of the host; host_vars/. Values are replaced whole, never merged.
 */
export function resolveVars(roster: Roster): ReadonlyMap<string, HostVars> {
  const groupsOf = groupsByHost(roster);
  const resolved = new Map<string, HostVars>();
  for (const [name, host] of roster.hosts) {
    const groups = groupsOf(name).flatMap((group) => roster.groups.get(group.name) ?? []);
    const layers = [...groups.map(({ vars }) => withoutPriority(vars)), ...groups.map(({ fileVars }) => fileVars), host.vars, host.fileVars];
    const vars = new Map<string, Entry>();
    for (const layer of layers) for (const [key, entry] of layer) vars.set(key, entry);
    resolved.set(name, vars);
  }
  return resolved;
}

/** For printing: values as `ansible-inventory` shows them, secrets as `***`. */
export function plainVars(vars: HostVars): Vars {
  return printedEntries(vars.values(), false);
}

/** Names whose values, and all values below them, stay hidden. */
const SECRET_NAME = /pass|secret/i;

function printed(tree: Tree, isSecret: boolean): unknown {
  if (tree.kind === 'sequence') return tree.entries.map((entry) => printed(entry, isSecret));
  if (tree.kind === 'mapping') return printedEntries(tree.entries.values(), isSecret);
  if (tree.tag !== undefined || (isSecret && tree.value !== null)) return '***';
  return tree.isUnsafe === true ? { __ansible_unsafe: tree.text } : valueInAnsible(tree);
}

function printedEntries(entries: Iterable<Entry>, isSecret: boolean): Vars {
  return Object.fromEntries(
    [...entries].map(({ key, value }) => [String(valueInAnsible(key)), printed(value, isSecret || SECRET_NAME.test(key.text))]),
  );
}

function valueInAnsible({ value, inAnsible }: Scalar): Scalar['value'] {
  return inAnsible === undefined ? value : inAnsible;
}

function withoutPriority(vars: ReadonlyMap<string, Entry>): Iterable<readonly [string, Entry]> {
  return [...vars].filter(([name]) => name !== NO_VARIABLE);
}

/** The groups a host is in, directly or not, in the order their vars are applied. */
function groupsByHost({ shape }: Roster): (host: string) => readonly Group[] {
  const parentsOf = reverse(shape, (group) => group.children);
  const directOf = reverse(shape, (group) => group.hosts);
  const all = shape.get('all');
  return (host) => {
    const groups = new Set(directOf.get(host));
    for (const group of groups) for (const parent of parentsOf.get(group.name) ?? []) groups.add(parent);
    if (all !== undefined) groups.add(all);
    return [...groups].sort(byPrecedence);
  };
}

function reverse(shape: ReadonlyMap<string, Group>, membersOf: (group: Group) => readonly string[]): ReadonlyMap<string, readonly Group[]> {
  const containing = new Map<string, Group[]>();
  for (const group of shape.values()) {
    for (const member of membersOf(group)) {
      const groups = containing.get(member) ?? [];
      groups.push(group);
      containing.set(member, groups);
    }
  }
  return containing;
}

function byPrecedence(one: Group, other: Group): number {
  const byName = one.name < other.name ? -1 : 1;
  return one.depth - other.depth || one.priority - other.priority || byName;
}
