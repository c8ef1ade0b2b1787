import type { Prefix } from '../../domain/address.ts';
import { modes } from '../../modes/index.ts';
import type { Mode } from '../../modes/mode.ts';
import type { Groups } from '../ansible/groups.ts';
import { didYouMean } from '../nearest.ts';
import { hasGroup, matchHosts, selectHosts } from '../pattern-hosts.ts';
import { matcherOf, parsePattern } from '../pattern-terms.ts';
import { problemAt, type Report } from '../problem.ts';
import { MESH_NAME } from '../schema/mesh-schema.ts';
import { childOf, type Entry, entriesOf, type Scalar, type Tree } from '../tree.ts';
import type { Written } from '../tunnels/draft.ts';
import { networkIn, textIn } from '../tunnels/read-fields.ts';
import { type Pair, pairsOf, type Topology } from './topology.ts';

/** A mesh as declared: which hosts its tunnels join, and what all of them have. */
export interface Mesh {
  readonly name: string;
  readonly at: Scalar;
  readonly pairs: readonly Pair[];
  readonly pool: Written<Prefix>;
  readonly mode: Mode;
  /** The mapping under `tunnel`. */
  readonly template: Tree;
}

/** Whom a pattern may mean. */
export interface Universe {
  readonly groups: Groups;
  readonly hosts: readonly string[];
  readonly report: Report;
}

/** Undefined where a part is missing or of a wrong shape, which the schema or this reports. */
export function readMesh({ key, value: tree }: Entry, universe: Universe): Mesh | undefined {
  const { report } = universe;
  const template = childOf(tree, 'tunnel');
  const word = template === undefined ? undefined : textIn(template, 'mode')?.value;
  const mode = [...modes.values()].find(({ name }) => name === word);
  const topology = TOPOLOGIES.find((one) => one === textIn(tree, 'topology')?.value);
  const poolText = textIn(tree, 'pool');
  const pool = poolText === undefined ? undefined : networkIn(poolText, report);
  const hosts = hostsIn(tree, 'hosts', universe);
  const hubs = hubsOf({ key, value: tree }, topology, universe);
  if (template === undefined || mode === undefined || topology === undefined || poolText === undefined || pool === undefined) return undefined;
  if (hosts === undefined || hubs === undefined || !MESH_NAME.test(key.text)) return undefined;
  const all = [...new Set([...hubs, ...hosts])];
  const [first] = all;
  const where = childOf(tree, 'hosts') ?? key;
  if (all.length < 2) report(problemAt(where, tooFew(key.text, first)));
  for (const { key: host } of entriesOf(childOf(template, 'endpoints')))
    if (!all.includes(host.text)) report(problemAt(host, notMember(key.text, host.text, all)));
  return { name: key.text, at: key, pairs: pairsOf(topology, { hosts, hubs }), pool: { value: pool, at: poolText.at }, mode, template };
}

const TOPOLOGIES: readonly Topology[] = ['full', 'hub-and-spoke', 'chain', 'ring'];

/** None for other topologies; undefined where they are missing or nobody. */
function hubsOf({ key, value: tree }: Entry, topology: Topology | undefined, universe: Universe): readonly string[] | undefined {
  const field = childOf(tree, 'hubs');
  if (topology === 'hub-and-spoke') {
    if (field === undefined)
      universe.report(
        problemAt(key, { code: 'inventory.mesh-hubs', message: `mesh ${key.text} has no hubs`, hint: 'Add them, such as «hubs: core».' }),
      );
    return hostsIn(tree, 'hubs', universe);
  }
  if (field !== undefined && topology !== undefined) {
    const message = `mesh ${key.text} is of topology ${topology}, which has no hubs`;
    universe.report(problemAt(field, { code: 'inventory.mesh-hubs', message, hint: 'Remove «hubs», or write «topology: hub-and-spoke».' }));
  }
  return [];
}

function hostsIn(tree: Tree, field: string, { groups, hosts, report }: Universe): readonly string[] | undefined {
  const pattern = textIn(tree, field);
  if (pattern === undefined) return undefined;
  const terms = parsePattern(pattern.value);
  for (const term of terms) {
    if (matcherOf(term.expression) === undefined) {
      const message = `«${term.text}» is no regular expression`;
      report(problemAt(pattern.at, { code: 'inventory.pattern-syntax', message, hint: 'Correct what follows the «~».' }));
    } else if (matchHosts(term, groups, hosts).length === 0 && (term.subscript !== undefined || !hasGroup(term.expression, groups))) {
      const hint = didYouMean(term.expression, [...groups.keys(), ...hosts], 'Name hosts or groups of the inventory.');
      report(problemAt(pattern.at, { code: 'inventory.unmatched-pattern', message: `«${term.text}» matches no host or group`, hint }));
    }
  }
  return selectHosts(pattern.value, groups, hosts);
}

function tooFew(mesh: string, only: string | undefined) {
  const message = `mesh ${mesh} joins ${only === undefined ? 'no host' : `one host only, ${only}`}`;
  return { code: 'inventory.mesh-hosts', message, hint: 'A tunnel needs two. Name more hosts, or remove the mesh.' } as const;
}

function notMember(mesh: string, host: string, members: readonly string[]) {
  const hint = didYouMean(host, members, 'Name a host that the pattern of the mesh matches.');
  return { code: 'inventory.unknown-host', message: `«${host}» is no host of mesh ${mesh}`, hint } as const;
}
