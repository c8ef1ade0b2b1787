import { didYouMean } from '../nearest.ts';
import { problemAt, type Report } from '../problem.ts';
import { childOf, type Entry, entriesOf, type Scalar, scalarOf, type Tree } from '../tree.ts';
import type { Group } from './groups.ts';
import { expandHostPattern } from './host-pattern.ts';
import type { InventoryPart, VarsFile } from './part.ts';

type VarEntries = Map<string, Entry>;

/** The own vars of a host or group, in two layers. */
export interface Member {
  readonly vars: VarEntries;
  /** From `group_vars/` or `host_vars/`. */
  readonly fileVars: VarEntries;
}

/** All hosts and groups of all files, in the order they were named. */
export interface Roster {
  readonly hosts: ReadonlyMap<string, Member>;
  readonly groups: ReadonlyMap<string, Member>;
  readonly shape: ReadonlyMap<string, Group>;
}

/** Names that ssh(1) would take for options, or that would break a line of output. */
const HOST_NAME = /^[^\s\p{Cc}/-][^\s\p{Cc}/]*$/u;

export class RosterBuilder {
  readonly #report: Report;
  readonly #hosts = new Map<string, Member>();
  readonly #groups = new Map<string, Member>();
  readonly #hostsIn = new Map<string, Set<string>>();
  readonly #childrenOf = new Map<string, Set<string>>();

  constructor(report: Report) {
    this.#report = report;
    this.#group('all');
    this.#group('ungrouped');
    this.#childrenOf.get('all')?.add('ungrouped');
  }

  /** Hosts and groups of one inventory file. */
  addInventory({ layer, root }: InventoryPart): void {
    if (layer === 'listed') this.#addListed(childOf(childOf(root, 'all'), 'hosts'));
    else for (const { key, value } of entriesOf(root)) if (key.text !== 'tunnels' && key.text !== 'meshes') this.#addGroup(key, value);
  }

  /** As in Ansible, vars beside the inventory are nobody's where it has no such host or group. */
  has({ layer, name }: VarsFile): boolean {
    return (layer === 'host_vars' ? this.#hosts : this.#groups).has(name);
  }

  /** Vars beside the inventory, of hosts and groups it has. */
  addVars({ layer, root }: InventoryPart): void {
    const all = childOf(root, 'all');
    const [members, known] = layer === 'host_vars' ? [childOf(all, 'hosts'), this.#hosts] : [childOf(all, 'children'), this.#groups];
    for (const { key, value } of entriesOf(members)) {
      const vars = layer === 'host_vars' ? value : childOf(value, 'vars');
      const member = known.get(key.text);
      if (member !== undefined) setVars(member.fileVars, vars);
    }
  }

  /** Puts groups without a parent below `all`, and hosts of no other group into `ungrouped`. */
  complete(): void {
    const children = new Set([...this.#childrenOf.values()].flatMap((names) => [...names]));
    for (const name of this.#groups.keys()) if (name !== 'all' && !children.has(name)) this.#childrenOf.get('all')?.add(name);
    const grouped = new Set([...this.#hostsIn].flatMap(([group, hosts]) => (group === 'all' || group === 'ungrouped' ? [] : [...hosts])));
    for (const name of this.#hosts.keys()) {
      if (grouped.has(name)) this.#hostsIn.get('ungrouped')?.delete(name);
      else this.#hostsIn.get('ungrouped')?.add(name);
    }
  }

  build(): Roster {
    const depths = depthsOf(this.#childrenOf);
    const shape = new Map<string, Group>();
    for (const [name, { vars }] of this.#groups) {
      shape.set(name, {
        name,
        hosts: [...(this.#hostsIn.get(name) ?? [])],
        children: [...(this.#childrenOf.get(name) ?? [])],
        depth: depths.get(name) ?? 0,
        priority: this.#priorityOf(name, vars.get('ansible_group_priority')?.value),
      });
    }
    return { hosts: this.#hosts, groups: this.#groups, shape };
  }

  #addGroup(key: Scalar, tree: Tree): void {
    const group = this.#group(key.text);
    // In the order of the file, which is the order of hosts and groups in patterns such as edge[0].
    for (const { key: section, value } of entriesOf(tree)) {
      if (section.text === 'vars') setVars(group.vars, value);
      if (section.text === 'children') for (const child of membersOf(value)) this.#addChild(key.text, child);
      if (section.text === 'hosts') for (const host of membersOf(value)) this.#addHosts(key.text, host);
    }
  }

  #addChild(group: string, { key, value }: Entry): void {
    this.#addGroup(key, value);
    this.#link(group, key);
  }

  #addListed(hosts: Tree | undefined): void {
    for (const { key, value } of entriesOf(hosts)) {
      const known = this.#hosts.get(key.text);
      if (known === undefined) this.#addHosts('all', { key, value });
      else setVars(known.vars, value);
    }
  }

  #addHosts(group: string, { key, value }: Entry): void {
    const pattern = expandHostPattern(key.text);
    if ('refused' in pattern) {
      const hint = 'Write router[01:20], rack[a:f] or r[1:9:2].';
      this.#report(problemAt(key, { code: 'inventory.host-range', message: `«${key.text}» is no range of hosts: ${pattern.refused}`, hint }));
      return;
    }
    for (const name of pattern.names) {
      const host = this.#hosts.get(name) ?? this.#newHost({ ...key, text: name }, pattern.port);
      this.#hostsIn.get(group)?.add(name);
      setVars(host.vars, value);
    }
  }

  #newHost(key: Scalar, port: number | undefined): Member {
    const host: Member = { vars: new Map(), fileVars: new Map() };
    if (!HOST_NAME.test(key.text)) {
      const hint = 'Use a name without blanks and slashes that does not begin with a dash.';
      this.#report(problemAt(key, { code: 'inventory.host-name', message: `«${key.text}» cannot be the name of a host`, hint }));
    }
    if (port !== undefined)
      host.vars.set('ansible_port', { key: scalarOf(key, 'ansible_port'), value: { ...scalarOf(key, null), value: port, text: String(port) } });
    this.#hosts.set(key.text, host);
    return host;
  }

  #group(name: string): Member {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: Member = { vars: new Map(), fileVars: new Map() };
    this.#groups.set(name, group);
    this.#hostsIn.set(name, new Set());
    this.#childrenOf.set(name, new Set());
    return group;
  }

  #priorityOf(group: string, tree: Tree | undefined): number {
    if (tree === undefined || (tree.kind === 'scalar' && tree.value === null)) return 1;
    if (tree.kind === 'scalar' && /^[-+]?\d+$/.test(tree.text)) return Number(tree.text);
    const message = `ansible_group_priority of group ${group} must be a whole number`;
    this.#report(
      problemAt(tree, { code: 'inventory.wrong-value', message, hint: 'Write a number; of groups at one depth the highest wins, and 1 is usual.' }),
    );
    return 1;
  }

  #link(parent: string, child: Scalar): void {
    if (child.text !== 'all' && !this.#isBelow(child.text, parent)) {
      this.#childrenOf.get(parent)?.add(child.text);
      return;
    }
    const hint = didYouMean(child.text, this.#groups.keys(), 'Remove it here: a group cannot contain itself, directly or through others.');
    this.#report(problemAt(child, { code: 'inventory.group-loop', message: `group ${child.text} contains group ${parent} already`, hint }));
  }

  #isBelow(name: string, wanted: string): boolean {
    const names = new Set([name]);
    for (const next of names) for (const child of this.#childrenOf.get(next) ?? []) names.add(child);
    return names.has(wanted);
  }
}

/** A single name may be given as text, as in Ansible. */
function membersOf(tree: Tree | undefined): readonly Entry[] {
  if (tree?.kind === 'scalar' && typeof tree.value === 'string') return [{ key: tree, value: scalarOf(tree, null) }];
  return entriesOf(tree);
}

function setVars(vars: VarEntries, tree: Tree | undefined): void {
  for (const entry of entriesOf(tree)) vars.set(entry.key.text, entry);
}

/** Longest way from `all` to each group. */
function depthsOf(childrenOf: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, number> {
  const depths = new Map([['all', 0]]);
  const pending = ['all'];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const depth = (depths.get(name) ?? 0) + 1;
    for (const child of childrenOf.get(name) ?? []) {
      if ((depths.get(child) ?? 0) >= depth) continue;
      depths.set(child, depth);
      pending.push(child);
    }
  }
  return depths;
}
