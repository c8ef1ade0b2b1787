import { bitsOf, type Family, familyOf, type IpAddress, parseAddress, parseInterfaceAddress } from '../../domain/address.ts';
import type { DeclaredRoute, InnerAddress } from '../../domain/tunnel.ts';
import type { Mode } from '../../modes/mode.ts';
import { problemAt, type Report } from '../problem.ts';
import { childOf, type Entry, type Scalar, type Tree } from '../tree.ts';
import type { EndDraft, Written } from './draft.ts';
import { fieldsIn, innerOf, networkIn, numberIn, outerIn, textIn, textsIn, writtenText } from './read-fields.ts';

/** What both ends get from their tunnel. */
export interface SharedReading {
  readonly name: Scalar;
  readonly key?: number;
  readonly mode: Mode;
  /** Families the tunnel carries. */
  readonly inner: readonly Family[];
  readonly report: Report;
}

/** One end, with the peer's addresses where it is point to point. */
export function readEnd({ key, value: tree }: Entry, peer: Entry, shared: SharedReading): EndDraft {
  const { mode, report } = shared;
  const outer = (name: string) => outerIn(tree, name, { families: mode.underlay, report });
  const networks = textsIn(tree, 'networks').flatMap((text) => carried(networkIn(text, report), text, shared));
  const forwarding = childOf(tree, 'forwarding');
  return {
    host: { value: key.text, at: key },
    device: textIn(tree, 'device') ?? { value: shared.name.text, at: shared.name },
    ...present('local', outer('local')),
    ...present('public', outer('public')),
    ...present('publicPort', numberIn(tree, 'public_port')?.value),
    ...present('dev', textIn(tree, 'dev')),
    ...present('ikey', mode.hasKey ? (numberIn(tree, 'ikey')?.value ?? shared.key) : undefined),
    ...present('fwmark', numberIn(tree, 'fwmark')?.value),
    addresses: addressesOf(tree, peer, shared),
    networks,
    routes: routesIn(tree, shared),
    ...present('metric', numberIn(tree, 'metric')?.value),
    ...present('table', numberIn(tree, 'table')?.value),
    ...present('weight', numberIn(tree, 'weight')?.value),
    forwarding: forwarding?.kind === 'scalar' && typeof forwarding.value === 'boolean' ? forwarding.value : networks.length > 0,
    fields: fieldsIn(tree),
  };
}

/** With two ends, whose addresses are known to differ, nobody else could have one: an Ethernet link is not asked first (RFC 4862 section 5.4). */
function addressesOf(tree: Tree, peer: Entry, shared: SharedReading): readonly Written<InnerAddress>[] {
  const counts: Record<Family, number> = { 4: 0, 6: 0 };
  return textsIn(tree, 'address').flatMap((text) => {
    const found = innerOf(text, shared.report);
    if (found === undefined || carried(found.address, text, shared).length === 0) return [];
    const { address, length, isHost } = found;
    const family = familyOf(address);
    const other = peerAddresses(peer.value, family)[counts[family]];
    counts[family] += 1;
    const nodad = shared.mode.isEthernet && family === 6 ? { nodad: true as const } : {};
    if (!isHost) return [{ value: { address, length, ...nodad }, at: text.at }];
    if (other === undefined && isReadable(peer.value)) shared.report(missingPeer(text, peer.key.text));
    return [{ value: { address, length: bitsOf(family), ...present('peer', other), ...nodad }, at: text.at }];
  });
}

/** The peer's inner addresses of one family, whatever their form. */
function peerAddresses(peer: Tree, family: Family): readonly IpAddress[] {
  const addresses = textsIn(peer, 'address').flatMap(({ value }) => parseAddress(value) ?? parseInterfaceAddress(value)?.address ?? []);
  return addresses.filter((address) => familyOf(address) === family);
}

/** Whether the peer's addresses are what they will be: unreadable ones are reported, and may be the missing one. */
function isReadable(peer: Tree): boolean {
  const field = childOf(peer, 'address');
  const entries = field?.kind === 'sequence' ? field.entries : [field];
  return (
    entries.length > 0 &&
    entries.every((entry) => {
      const text = entry === undefined ? undefined : writtenText(entry)?.value;
      return text !== undefined && (parseAddress(text) ?? parseInterfaceAddress(text)) !== undefined;
    })
  );
}

function missingPeer({ value, at }: Written<string>, peer: string) {
  const message = `${value} is point to point, and ${peer} has no address of its family at the same position`;
  const hint = `Give ${peer} its own inner address, or make this one a member of a subnet: ${value}/${value.includes(':') ? 64 : 24}.`;
  return problemAt(at, { code: 'inventory.missing-peer-address', message, hint });
}

function routesIn(tree: Tree, shared: SharedReading): readonly Written<DeclaredRoute>[] {
  const field = childOf(tree, 'routes');
  return (field?.kind === 'sequence' ? field.entries : []).flatMap((entry) => {
    const text = entry.kind === 'mapping' ? textIn(entry, 'to') : writtenText(entry);
    const [to] = text === undefined ? [] : carried(networkIn(text, shared.report), text, shared);
    if (to === undefined) return [];
    return [
      {
        value: {
          to: to.value,
          ...present('metric', numberIn(entry, 'metric')?.value),
          ...present('table', numberIn(entry, 'table')?.value),
          ...present('weight', numberIn(entry, 'weight')?.value),
        },
        at: to.at,
      },
    ];
  });
}

/** The address or network again, where the mode carries its family. */
function carried<T extends string>(value: T | undefined, { at }: Written<string>, { mode, inner, report }: SharedReading): readonly Written<T>[] {
  if (value === undefined) return [];
  if (inner.includes(familyOf(value))) return [{ value, at }];
  const hasChoice = mode.inner({ proto: 'any' }).includes(familyOf(value));
  const message = `${mode.name} carries ${inner.map((family) => `IPv${family}`).join(' and ')}, and ${value} is IPv${familyOf(value)}`;
  report(
    problemAt(at, {
      code: 'inventory.wrong-family',
      message,
      hint: `Remove it, or ${hasChoice ? 'write «proto: any»' : 'choose a mode that carries it'}.`,
    }),
  );
  return [];
}

function present<Name extends string, T>(name: Name, value: T | undefined): { readonly [Key in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: T };
}
