import { parseAddress } from '../../domain/address.ts';
import type { Allotment, AllottedEnd } from '../../domain/allotment.ts';
import { problemAt, type Report } from '../problem.ts';
import type { InventoryFile } from '../reading.ts';
import type { Located } from '../source.ts';
import { childOf, type Entry, entriesOf, isMapping, keyAt, type Tree } from '../tree.ts';
import { numberIn, textIn } from '../tunnels/read-fields.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';

/** An allotment with the places of the lock file it stands at. */
export interface LockedTunnel extends Allotment {
  readonly at: Located;
  readonly keyAt: Located;
  readonly endsAt: readonly [Located, Located];
}

/** The tunnels of a lock file; undefined where any part of it cannot be read, which is reported. */
export function readLock(file: InventoryFile, report: Report): readonly LockedTunnel[] | undefined {
  const root = parseYaml(file, report);
  if (root === undefined) return undefined;
  if (!isMapping(root)) return root.kind === 'scalar' && root.value === null ? [] : void report(unreadable(root, 'meshes by name'));
  const tunnels = entriesOf(root).flatMap(({ key, value }) =>
    isMapping(value) ? entriesOf(value).map((entry) => readTunnel(key.text, entry, report)) : [void report(unreadable(key, 'tunnels by name'))],
  );
  return tunnels.every((tunnel) => tunnel !== undefined) ? tunnels : undefined;
}

function readTunnel(mesh: string, { key: name, value: tree }: Entry, report: Report): LockedTunnel | undefined {
  const entries = entriesOf(childOf(tree, 'endpoints'));
  const [first, second] = entries.map(({ key: host, value }) => readEnd(host.text, value));
  const strange = entriesOf(tree).find(({ key }) => !['released', 'key', 'endpoints'].includes(key.text));
  const key = numberIn(tree, 'key');
  if (strange !== undefined) return void report(unreadable(strange.key, 'released, key and endpoints'));
  if (childOf(tree, 'key') !== undefined && (key === undefined || !Number.isInteger(key.value)))
    return void report(unreadable(keyAt(tree, ['key']), 'a whole number'));
  if (first === undefined || second === undefined || entries.length !== 2) {
    return void report(unreadable(name, 'two endpoints, each with its address and device'));
  }
  const [one = name, other = name] = entries.map(({ value }) => value);
  return {
    mesh,
    tunnel: name.text,
    ...(key === undefined ? {} : { key: key.value }),
    ends: [first, second],
    isReleased: isTrue(childOf(tree, 'released')),
    at: name,
    keyAt: key?.at ?? name,
    endsAt: [one, other],
  };
}

function readEnd(host: string, tree: Tree): AllottedEnd | undefined {
  const address = parseAddress(textIn(tree, 'address')?.value ?? '');
  const device = textIn(tree, 'device')?.value;
  return address === undefined || device === undefined ? undefined : { host, address, device };
}

function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true;
}

function unreadable(where: Located, wanted: string) {
  const hint = 'Restore the file from your repository. Where two branches met, keep the entries of both, each tunnel once.';
  return problemAt(where, { code: 'inventory.lock-unreadable', message: `the lock file must have ${wanted} here`, hint });
}
