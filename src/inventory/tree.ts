import type { Located, Source } from './source.ts';

/** A value of a file that knows where it was written. Aliases are resolved and merge keys merged. */
export type Tree = Scalar | Sequence | Mapping;

/** `!env NAME` and `!file PATH` are read late; `!vault` is Ansible's own and unreadable here. */
export type ValueTag = 'env' | 'file' | 'vault';

export interface Scalar extends Located {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** What Ansible's YAML 1.1 makes of the text, where that is another value. */
  readonly inAnsible?: Scalar['value'];
  /** As written, without quotes. */
  readonly text: string;
  readonly tag?: ValueTag;
  /** `!unsafe`: braces are text. */
  readonly isUnsafe?: boolean;
}

export interface Sequence extends Located {
  readonly kind: 'sequence';
  readonly entries: readonly Tree[];
}

export interface Mapping extends Located {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Scalar;
  readonly value: Tree;
}

export type TreePath = readonly (string | number)[];

/** Whether a text is what it says: no template, and nothing that is read late. */
export function isLiteral(scalar: Scalar): boolean {
  return scalar.tag === undefined && !isTemplate(scalar);
}

/** Whether Ansible would fill the text in with Jinja. */
export function isTemplate({ value, isUnsafe }: Scalar): boolean {
  return isUnsafe !== true && typeof value === 'string' && /\{\{|\{%/.test(value);
}

export function isMapping(tree: Tree | undefined): tree is Mapping {
  return tree?.kind === 'mapping';
}

/** The entries of a mapping; none for anything else. */
export function entriesOf(tree: Tree | undefined): readonly Entry[] {
  return isMapping(tree) ? [...tree.entries.values()] : [];
}

export function childOf(tree: Tree | undefined, step: string | number): Tree | undefined {
  if (tree?.kind === 'mapping') return tree.entries.get(String(step))?.value;
  if (tree?.kind === 'sequence') return tree.entries[Number(step)];
  return undefined;
}

export function treeAt(tree: Tree, path: TreePath): Tree | undefined {
  return path.reduce<Tree | undefined>(childOf, tree);
}

/** The key a path ends in, or the value itself where the path ends in a list. */
export function keyAt(tree: Tree, path: TreePath): Located {
  const parent = treeAt(tree, path.slice(0, -1));
  const last = path.at(-1);
  const entry = isMapping(parent) && last !== undefined ? parent.entries.get(String(last)) : undefined;
  return entry?.key ?? treeAt(tree, path) ?? parent ?? tree;
}

/** A mapping that no file holds, made to give another form of inventory the form of a YAML one. */
export function mappingOf(where: Located, entries: readonly (readonly [string | Scalar, Tree])[]): Mapping {
  const pairs = entries.map(([key, value]): [string, Entry] => {
    const scalar = typeof key === 'string' ? scalarOf(where, key) : key;
    return [scalar.text, { key: scalar, value }];
  });
  return { kind: 'mapping', ...stretchOf(where), entries: new Map(pairs) };
}

/** A text, or nothing, at a place that does not say it itself. */
export function scalarOf(where: Located, value: string | null): Scalar {
  return { kind: 'scalar', ...stretchOf(where), value, text: value ?? '' };
}

/** The value as plain data for the schema. Values that are read late stand as empty text. */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.tag === undefined ? tree.value : '';
  if (tree.kind === 'sequence') return tree.entries.map(plainOf);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [name, { value }] of tree.entries) plain[name] = plainOf(value);
  return plain;
}

function stretchOf({ source, start, end }: Located): { source: Source; start: number; end: number } {
  return { source, start, end };
}
