import {
  bitsOf,
  type Family,
  familyOf,
  type InterfaceAddress,
  type IpAddress,
  networkOf,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
} from '../../domain/address.ts';
import { problemAt, type Report } from '../problem.ts';
import type { Located } from '../source.ts';
import { childOf, entriesOf, isLiteral, type Scalar, type Tree } from '../tree.ts';
import type { Written } from './draft.ts';

/** The text of a field; undefined where it is left out or of another type, which the schema reports. */
export function textIn(tree: Tree, name: string): Written<string> | undefined {
  const field = childOf(tree, name);
  return field === undefined ? undefined : writtenText(field);
}

export function numberIn(tree: Tree, name: string): Written<number> | undefined {
  const field = childOf(tree, name);
  return field?.kind === 'scalar' && typeof field.value === 'number' ? { value: field.value, at: field } : undefined;
}

/** The texts of a list, or of a single text where a list is not needed. */
export function textsIn(tree: Tree, name: string): readonly Written<string>[] {
  const field = childOf(tree, name);
  if (field === undefined) return [];
  const entries = field.kind === 'sequence' ? field.entries : [field];
  return entries.flatMap((entry) => writtenText(entry) ?? []);
}

/** Where each field of a mapping was written. */
export function fieldsIn(tree: Tree): ReadonlyMap<string, Located> {
  return new Map(entriesOf(tree).map(({ key }) => [key.text, key]));
}

interface OuterReading {
  /** Those the mode has. */
  readonly families: readonly Family[];
  readonly report: Report;
}

/** An outer address of a family the mode has. */
export function outerIn(tree: Tree, name: string, { families, report }: OuterReading): Written<IpAddress> | undefined {
  const text = textIn(tree, name);
  if (text === undefined) return undefined;
  const value = parseAddress(text.value);
  if (value !== undefined && families.includes(familyOf(value))) return { value, at: text.at };
  const [family] = families;
  if (value === undefined) report(notAnAddress(text, `an IPv${family} address such as ${family === 4 ? '192.0.2.7' : '2001:db8::7'}`));
  else
    report(
      problemAt(text.at, {
        code: 'inventory.wrong-family',
        message: `${name} must be an IPv${family} address for this mode, not ${value}`,
        hint: `Use an IPv${family} address of this host.`,
      }),
    );
  return undefined;
}

/** An address alone, of either family. */
export function hostAddressOf(text: Written<string>, report: Report): Written<IpAddress> | undefined {
  const value = parseAddress(text.value);
  if (value !== undefined) return { value, at: text.at };
  report(notAnAddress(text, 'an address such as 10.2.1.2'));
  return undefined;
}

/** `A` has the length of the family and `isHost`. */
export function innerOf(text: Written<string>, report: Report): (InterfaceAddress & { readonly isHost: boolean }) | undefined {
  const host = parseAddress(text.value);
  if (host !== undefined) return { address: host, length: bitsOf(familyOf(host)), isHost: true };
  const member = parseInterfaceAddress(text.value);
  if (member !== undefined) return { ...member, isHost: false };
  report(notAnAddress(text, 'an address such as 10.0.0.1, or one with its prefix length such as 10.0.0.1/24'));
  return undefined;
}

export function networkIn(text: Written<string>, report: Report): Prefix | undefined {
  const prefix = parsePrefix(text.value);
  if (prefix !== undefined) return prefix;
  const message = `«${text.value}» is not a network`;
  report(problemAt(text.at, { code: 'inventory.not-a-network', message, hint: networkHint(text.value) }));
  return undefined;
}

function networkHint(text: string): string {
  const host = parseAddress(text);
  if (host !== undefined) return `For this one address write ${host}/${bitsOf(familyOf(host))}.`;
  const member = parseInterfaceAddress(text);
  if (member !== undefined) return `Bits are set after its length. The network it lies in is ${networkOf(member.address, member.length)}.`;
  if (text === 'default') return 'Write 0.0.0.0/0 or ::/0.';
  return 'Write an address, a slash and the length, such as 10.2.1.0/24.';
}

function notAnAddress({ value, at }: Written<string>, wanted: string) {
  const hint =
    /^[0-9.]+$/.test(value) && /(^|\.)0\d/.test(value) ? 'Remove the leading zeros: some programs would read them as octal.' : `Write ${wanted}.`;
  return problemAt(at, { code: 'inventory.not-an-address', message: `«${value}» is not an address`, hint });
}

/** A text of a list or mapping; undefined for anything else. */
export function writtenText(tree: Tree): Written<string> | undefined {
  return isText(tree) ? { value: tree.value, at: tree } : undefined;
}

function isText(tree: Tree): tree is Scalar & { readonly value: string } {
  return tree.kind === 'scalar' && isLiteral(tree) && typeof tree.value === 'string';
}
