import { childOf, entriesOf, isMapping, mappingOf, type Scalar, scalarOf, type Tree } from '../tree.ts';

/** One file in the form of a YAML inventory, and the layer of precedence its vars belong to. */
export interface InventoryPart {
  readonly layer: 'inventory' | 'group_vars' | 'host_vars';
  readonly root: Tree;
}

/** Files of vars and the JSON of `ansible-inventory --list` are brought into the form of a YAML inventory. */
export function partOf(path: string, root: Tree): InventoryPart {
  const [layer, name] = varsFileOf(path) ?? [];
  if (layer !== undefined && name !== undefined) {
    const members = layer === 'host_vars' ? mappingOf(root, [[name, root]]) : mappingOf(root, [[name, mappingOf(root, [['vars', root]])]]);
    const section = layer === 'host_vars' ? 'hosts' : 'children';
    return { layer, root: mappingOf(root, [['all', mappingOf(root, [[section, members]])]]) };
  }
  if (root.kind === 'scalar' && root.value === null) return { layer: 'inventory', root: mappingOf(root, []) };
  return { layer: 'inventory', root: isMapping(childOf(root, '_meta')) ? listedForm(root) : root };
}

/** `…/group_vars/NAME.yaml` and `…/group_vars/NAME/any.yaml`, by the last folder of that name. */
function varsFileOf(path: string): readonly ['group_vars' | 'host_vars', string] | undefined {
  const steps = path.split(/[\\/]/);
  const folder = steps.findLastIndex((step, index) => index < steps.length - 1 && (step === 'group_vars' || step === 'host_vars'));
  const name = steps[folder + 1];
  if (folder === -1 || name === undefined) return undefined;
  const isFile = folder + 1 === steps.length - 1;
  return [steps[folder] as 'group_vars' | 'host_vars', isFile ? name.replace(/\.(ya?ml|json)$/, '') : name];
}

/** Lists of names become mappings, and `_meta.hostvars` the hosts of `all`. */
function listedForm(root: Tree): Tree {
  const groups = entriesOf(root).filter(({ key }) => key.text !== '_meta' && key.text !== 'tunnels' && key.text !== 'all');
  const tunnels = entriesOf(root).filter(({ key }) => key.text === 'tunnels');
  const hostVars = childOf(childOf(root, '_meta'), 'hostvars') ?? scalarOf(root, null);
  const all = listedGroup(childOf(root, 'all') ?? mappingOf(root, []));
  const hosts = mappingOf(
    root,
    [...entriesOf(childOf(all, 'hosts')), ...entriesOf(hostVars)].map(({ key, value }) => [key, value]),
  );
  const withHosts = entriesOf(all).filter(({ key }) => key.text !== 'hosts');
  return mappingOf(root, [
    ['all', mappingOf(root, [['hosts', hosts], ...withHosts.map(({ key, value }): [Scalar, Tree] => [key, value])])],
    ...groups.map(({ key, value }): [Scalar, Tree] => [key, listedGroup(value)]),
    ...tunnels.map(({ key, value }): [Scalar, Tree] => [key, value]),
  ]);
}

function listedGroup(group: Tree): Tree {
  if (group.kind === 'sequence') return mappingOf(group, [['hosts', namesOf(group)]]);
  if (group.kind === 'scalar') return group;
  return mappingOf(
    group,
    entriesOf(group).map(({ key, value }): [Scalar, Tree] => [key, key.text === 'vars' ? value : namesOf(value)]),
  );
}

function namesOf(list: Tree): Tree {
  if (list.kind !== 'sequence') return list;
  const names = list.entries.filter((entry) => entry.kind === 'scalar');
  return mappingOf(
    list,
    names.map((name): [Scalar, Tree] => [name, scalarOf(name, null)]),
  );
}
