import type { InventoryReading } from '../reading.ts';
import type { Group } from './groups.ts';
import type { Vars } from './vars.ts';

type Resolved = Pick<InventoryReading, 'groups' | 'hostVars'>;

/** A group as `ansible-inventory --list` has it. */
interface ListedGroup {
  readonly children?: readonly string[];
  readonly hosts?: readonly string[];
}

/** What a play knows of every host besides its inventory; Ansible's program leaves these names out too (`INTERNAL_VARS`). */
const INTERNAL: ReadonlySet<string> = new Set([
  ...['ansible_diff_mode', 'ansible_config_file', 'ansible_facts', 'ansible_forks', 'ansible_inventory_sources', 'ansible_limit'],
  ...['ansible_playbook_python', 'ansible_run_tags', 'ansible_skip_tags', 'ansible_verbosity', 'ansible_version', 'inventory_dir'],
  ...['inventory_file', 'inventory_hostname', 'inventory_hostname_short', 'groups', 'group_names', 'omit', 'playbook_dir'],
]);

/** The inventory in the form of `ansible-inventory --list`: groups without hosts and children, and hosts without vars, are left out. */
export function listingOf({ groups, hostVars }: Resolved): Readonly<Record<string, unknown>> {
  const listed = [...groups.values()].map((group): [string, ListedGroup] => [group.name, listedGroup(group)]);
  const vars = [...hostVars].map(([name, all]): [string, Vars] => [name, shownVars(all)]);
  return {
    _meta: { hostvars: Object.fromEntries(vars.filter(([, all]) => Object.keys(all).length > 0)) },
    ...Object.fromEntries(listed.filter(([, group]) => Object.keys(group).length > 0)),
  };
}

/** The vars of one host as `ansible-inventory --host` has them. */
export function shownVars(vars: Vars): Vars {
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !INTERNAL.has(name)));
}

/** The hosts of `all` are those of all other groups, and are not repeated. */
function listedGroup({ name, hosts, children }: Group): ListedGroup {
  return { ...(children.length === 0 ? {} : { children }), ...(hosts.length === 0 || name === 'all' ? {} : { hosts }) };
}
