import type { Entry, Tree } from '../tree.ts';
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

/** For printing. */
export function plainVars(vars: HostVars): Vars {
  return Object.fromEntries([...vars].map(([name, { value }]) => [name, printed(name, value)]));
}

function printed(name: string, tree: Tree): unknown {
  if (tree.kind === 'sequence') return tree.entries.map((entry) => printed(name, entry));
  if (tree.kind === 'mapping') return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, printed(key, value)]));
  return tree.tag !== undefined || (/pass|secret/i.test(name) && tree.value !== null) ? '***' : tree.value;
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
