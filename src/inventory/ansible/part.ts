import { childOf, entriesOf, isMapping, mappingOf, type Scalar, scalarOf, type Tree } from '../tree.ts';

/** One file in the form of a YAML inventory, and the layer of precedence its vars belong to. */
export interface InventoryPart {
  /** `listed`: the vars of each host as `ansible-inventory --list` resolved them. */
  readonly layer: 'inventory' | 'listed' | 'group_vars' | 'host_vars';
  readonly root: Tree;
}

/** Whose vars a file holds, by its path alone. */
export interface VarsFile {
  readonly layer: 'group_vars' | 'host_vars';
  /** Of the group or host. */
  readonly name: string;
}

/** `…/group_vars/NAME.yaml` and `…/group_vars/NAME/any.yaml`, by the last folder of that name. */
export function varsFileOf(path: string): VarsFile | undefined {
  const steps = path.split(/[\\/]/);
  const folder = steps.findLastIndex((step, index) => index < steps.length - 1 && (step === 'group_vars' || step === 'host_vars'));
  const name = steps[folder + 1];
  if (folder === -1 || name === undefined) return undefined;
  const isFile = folder + 1 === steps.length - 1;
  return { layer: steps[folder] as VarsFile['layer'], name: isFile ? name.replace(/\.(ya?ml|json)$/, '') : name };
}

/** Brings the vars of one group or host into the form of a YAML inventory. */
export function varsPart({ layer, name }: VarsFile, root: Tree): InventoryPart {
  const members = layer === 'host_vars' ? mappingOf(root, [[name, root]]) : mappingOf(root, [[name, mappingOf(root, [['vars', root]])]]);
  const section = layer === 'host_vars' ? 'hosts' : 'children';
  return { layer, root: mappingOf(root, [['all', mappingOf(root, [[section, members]])]]) };
}

/** An inventory as it is; the JSON of `ansible-inventory --list` as its groups and, after them, the vars of its hosts. */
export function inventoryParts(root: Tree): readonly InventoryPart[] {
  if (root.kind === 'scalar' && root.value === null) return [{ layer: 'inventory', root: mappingOf(root, []) }];
  if (!isMapping(childOf(root, '_meta'))) return [{ layer: 'inventory', root }];
  const hostVars = childOf(childOf(root, '_meta'), 'hostvars') ?? mappingOf(root, []);
  return [
    { layer: 'inventory', root: listedGroups(root) },
    { layer: 'listed', root: mappingOf(root, [['all', mappingOf(root, [['hosts', unwrapped(hostVars)]])]]) },
  ];
}

/** What a YAML inventory has beside its groups. */
const DECLARATIONS: ReadonlySet<string> = new Set(['tunnels', 'meshes']);

/** Lists of names become mappings. */
function listedGroups(root: Tree): Tree {
  const groups = entriesOf(root).filter(({ key }) => key.text !== '_meta');
  return mappingOf(
    root,
    groups.map(({ key, value }): [Scalar, Tree] => [key, DECLARATIONS.has(key.text) ? value : listedGroup(value)]),
  );
}

function listedGroup(group: Tree): Tree {
  if (group.kind === 'sequence') return mappingOf(group, [['hosts', namesOf(group)]]);
  if (group.kind === 'scalar') return group;
  return mappingOf(
    group,
    entriesOf(group).map(({ key, value }): [Scalar, Tree] => [key, key.text === 'vars' ? unwrapped(value) : namesOf(value)]),
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

/** Ansible's JSON has `{"__ansible_vault": …}` where YAML has `!vault`, and `__ansible_unsafe` for `!unsafe`. */
function unwrapped(tree: Tree): Tree {
  if (tree.kind === 'scalar') return tree;
  if (tree.kind === 'sequence') return { ...tree, entries: tree.entries.map(unwrapped) };
  const [only, ...others] = entriesOf(tree);
  if (only?.value.kind === 'scalar' && others.length === 0) {
    if (only.key.text === '__ansible_vault') return { ...only.value, tag: 'vault' };
    if (only.key.text === '__ansible_unsafe') return { ...only.value, isUnsafe: true };
  }
  return { ...tree, entries: new Map([...tree.entries].map(([name, { key, value }]) => [name, { key, value: unwrapped(value) }])) };
}
