import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap, type Scalar as YamlScalar } from 'yaml';
import { lineOf, problemAt, type Report } from '../problem.ts';
import type { Located, Source } from '../source.ts';
import { type Entry, type Mapping, type Scalar, scalarOf, type Tree, type ValueTag } from '../tree.ts';
import { readAsPyYaml } from './pyyaml.ts';

/** Values a file may hold once its aliases are expanded: a few lines of nested aliases can mean billions. */
const MAX_VALUES = 2_000_000;

/** The parser's nodes as a Tree; duplicate keys, loops of aliases and keys that are no text are reported. */
export function treeOf(source: Source, root: ParsedNode | null, report: Report): Tree {
  const start = { source, start: 0, end: 0 };
  return root === null ? scalarOf(start, null) : new Conversion(source, report).convert(root);
}

type AnyNode = ParsedNode | Alias;

class Conversion {
  readonly #source: Source;
  readonly #report: Report;
  readonly #anchors = new Map<string, { readonly tree: Tree; readonly size: number }>();
  #size = 0;
  #isTooLarge = false;

  constructor(source: Source, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  convert(node: AnyNode): Tree {
    if (isAlias(node)) return this.#alias(node);
    const before = this.#size;
    this.#size += 1;
    const tree = this.#value(node);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { tree, size: this.#size - before });
    return tree;
  }

  #value(node: ParsedNode): Tree {
    if (isMap(node)) return this.#mapping(node);
    if (isSeq(node)) {
      const { source, start, end } = this.#stretch(node);
      return { kind: 'sequence', source, start, end, entries: node.items.map((entry) => this.convert(entry as AnyNode)) };
    }
    return this.#scalar(node as YamlScalar.Parsed);
  }

  /** An anchor is known once its value is complete, so a loop looks like an unknown one. */
  #alias(alias: Alias): Tree {
    const where = this.#stretch(alias);
    const anchor = this.#anchors.get(alias.source);
    if (anchor === undefined) {
      this.#syntax(where, `the alias «*${alias.source}» is inside the value it stands for`, 'Write the value out.');
      return scalarOf(where, null);
    }
    this.#size += anchor.size;
    if (this.#size <= MAX_VALUES) return anchor.tree;
    if (!this.#isTooLarge)
      this.#syntax(where, `the aliases of this file stand for more than ${MAX_VALUES} values`, 'Write fewer aliases inside aliases.');
    this.#isTooLarge = true;
    return scalarOf(where, null);
  }

  /** Of one shape, but for the few that are particular: a large inventory has half a million. */
  #scalar(node: YamlScalar.Parsed): Scalar {
    const { value, tag } = node;
    const isPlainValue = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    const text = node.source;
    const known = isPlainValue ? (value as Scalar['value']) : text;
    const inAnsible = node.type === 'PLAIN' && tag === undefined ? readAsPyYaml(text) : known;
    const { source, start, end } = this.#stretch(node);
    const plain: Scalar = { kind: 'scalar', source, start, end, value: known, text };
    if (inAnsible === known && tag === undefined) return plain;
    return {
      ...plain,
      ...(inAnsible === known ? {} : { inAnsible }),
      ...(tag === '!env' || tag === '!file' || tag === '!vault' ? { tag: tag.slice(1) as ValueTag } : {}),
      ...(tag === '!unsafe' ? { isUnsafe: true } : {}),
    };
  }

  #mapping(node: YAMLMap.Parsed): Mapping {
    const entries = new Map<string, Entry>();
    const own = new Set<string>();
    for (const pair of node.items as Pair<AnyNode, AnyNode | null>[]) {
      const key = this.#key(pair.key);
      if (key === undefined) continue;
      const value = pair.value === null ? scalarOf(key, null) : this.#valueAt(key, pair.value);
      if (key.text === '<<') this.#merge(entries, value);
      else if (own.has(key.text)) this.#duplicate(entries.get(key.text), key);
      else entries.set(key.text, { key, value });
      if (key.text !== '<<') own.add(key.text);
    }
    const { source, start, end } = this.#stretch(node);
    return { kind: 'mapping', source, start, end, entries };
  }

  /** A value left empty is shown at its key. */
  #valueAt(key: Scalar, node: AnyNode): Tree {
    const value = this.convert(node);
    return value.kind === 'scalar' && value.value === null && value.text === '' ? { ...value, start: key.start, end: key.end } : value;
  }

  #key(node: AnyNode): Scalar | undefined {
    if (isScalar(node)) return this.#scalar(node as YamlScalar.Parsed);
    this.#syntax(this.#stretch(node), 'a key must be a text', 'Quote it if it begins with a bracket, a brace, «*» or «{{».');
    return undefined;
  }

  /** Keys of the mapping itself win over merged ones, and earlier merged ones over later. */
  #merge(entries: Map<string, Entry>, merged: Tree): void {
    const sources = merged.kind === 'sequence' ? merged.entries : [merged];
    for (const source of sources) {
      if (source.kind !== 'mapping') this.#syntax(source, 'only mappings can be merged with «<<»', 'Give it an alias of a mapping.');
      else for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  #duplicate(first: Entry | undefined, key: Scalar): void {
    const where = first === undefined ? '' : ` (first at ${lineOf(first.key)})`;
    const hint = 'Only one of them could count. Remove or rename the other.';
    this.#report(problemAt(key, { code: 'inventory.duplicate-key', message: `«${key.text}» is set twice${where}`, hint }));
  }

  #syntax(where: Located, message: string, hint: string): void {
    this.#report(problemAt(where, { code: 'inventory.yaml-syntax', message, hint }));
  }

  #stretch(node: AnyNode): Located {
    const [start, end] = node.range ?? [0, 0];
    return { source: this.#source, start, end };
  }
}
