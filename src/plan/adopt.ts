import { familyOf } from '../domain/address.ts';
import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { Attributes, ObservedAddress, ObservedHost, ObservedLink, ObservedRoute } from '../domain/observed.ts';
import { ROUTE_PROTOCOL } from '../domain/route.ts';
import { fallbackDevices, modeOf } from '../modes/index.ts';
import type { Mode } from '../modes/mode.ts';
import { weightOf } from './link-route.ts';
import { parseAlias } from './ownership.ts';

/** A tunnel in the words of an inventory. */
export interface Declaration {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What two hosts have between them, and which devices have no other end. */
export interface Adoption {
  readonly tunnels: readonly Declaration[];
  readonly lonely: readonly { readonly host: string; readonly device: string }[];
}

interface Pair {
  readonly mode: Mode;
  readonly ends: readonly [End, End];
}

interface End {
  readonly host: string;
  readonly link: ObservedLink;
  readonly routes: readonly ObservedRoute[];
}

/**
 * Declares the tunnels that two hosts already have between them.
 *
 * Two devices are one tunnel where each one's `local` is the other's `remote`, and the keys cross over. Where the two differ in what is
 * declared once, the first host's value is taken; planning what comes out tells the difference.
 */
export function adopt(first: ObservedHost, second: ObservedHost): Adoption {
  const pairs = tunnelEnds(first).flatMap((end): readonly Pair[] => {
    const other = tunnelEnds(second).find(({ link }) => isPeer(end.link, link));
    return other === undefined ? [] : [{ mode: modeOfLink(end.link), ends: [end, other] }];
  });
  const taken = new Set(pairs.flatMap(({ ends }) => ends.map(({ link }) => link)));
  const lonely = [first, second].flatMap(tunnelEnds).filter(({ link }) => !taken.has(link));
  return { tunnels: pairs.map(declare), lonely: lonely.map(({ host, link }) => ({ host, device: link.device })) };
}

function tunnelEnds({ host, links, routes }: ObservedHost): readonly End[] {
  return links
    .filter(({ mode, device }) => mode !== undefined && !fallbackDevices.has(device))
    .map((link) => ({ host, link, routes: routes.filter(({ device }) => device === link.device) }));
}

function modeOfLink({ mode, device }: ObservedLink): Mode {
  if (mode === undefined) throw new Error(`${device} is no tunnel`);
  return modeOf(mode);
}

function isPeer({ mode, attributes: one }: ObservedLink, { mode: otherMode, attributes: other }: ObservedLink): boolean {
  const crosses = (name: string, peers: string) => one[name] === other[peers] && one[peers] === other[name];
  const isSame = (name: string) => one[name] === other[name];
  return mode === otherMode && one.remote !== undefined && crosses('local', 'remote') && crosses('ikey', 'okey') && isSame('id') && isSame('dstport');
}

function declare({ mode, ends: [first, second] }: Pair): Declaration {
  const { device, alias, attributes, mtuBytes } = first.link;
  const name = parseAlias(alias)?.tunnel ?? device.replaceAll(/^[^A-Za-z0-9]|[^A-Za-z0-9_.-]/gu, '-');
  const hasOneKey = attributes.ikey !== undefined && attributes.ikey === attributes.okey;
  return {
    name,
    fields: withoutGaps({
      mode: mode.name,
      key: hasOneKey ? attributes.ikey : undefined,
      ...sharedFields(mode, attributes),
      mtu: mtuBytes,
      endpoints: {
        [first.host]: endpointFields(first, { name, peer: second, hasOneKey }),
        [second.host]: endpointFields(second, { name, peer: first, hasOneKey }),
      },
    }),
  };
}

/** What is declared once for both ends; what a mode has by default is left out. */
function sharedFields({ tunnelSchema }: Mode, attributes: Attributes): Readonly<Record<string, unknown>> {
  const { ttl, tos, icsum, ocsum, iseq, oseq, pmtudisc, encaplimit, flowlabel, proto, id, dstport } = attributes;
  const values: Readonly<Record<string, unknown>> = {
    ttl: ttl === 'auto' ? undefined : ttl,
    tos: hexadecimalOrWord(tos),
    csum: icsum === true && ocsum === true ? true : undefined,
    seq: iseq === true && oseq === true ? true : undefined,
    pmtudisc: pmtudisc === false ? false : undefined,
    ignore_df: attributes['ignore-df'] === true ? true : undefined,
    encaplimit,
    flowlabel: hexadecimalOrWord(flowlabel),
    proto,
    vni: id,
    port: dstport,
  };
  const isDefault = (name: string) => name !== 'ttl' && (tunnelSchema[name] as { readonly default?: unknown }).default === values[name];
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in tunnelSchema && !isDefault(name)));
}

function endpointFields(
  { link, routes }: End,
  { name, peer, hasOneKey }: { readonly name: string; readonly peer: End; readonly hasOneKey: boolean },
): Readonly<Record<string, unknown>> {
  const { device, attributes } = link;
  const addresses = written(link).map((address) => addressText(address, peer.link));
  const declared = routes.filter(isSomebodys).map(routeFields);
  return withoutGaps({
    device: device === name ? undefined : device,
    local: attributes.local,
    dev: attributes.dev,
    ikey: hasOneKey ? undefined : attributes.ikey,
    fwmark: hexadecimalOrWord(attributes.fwmark),
    address: addresses.length > 1 ? addresses : addresses[0],
    routes: declared.length === 0 ? undefined : declared,
  });
}

function written({ addresses }: ObservedLink): readonly ObservedAddress[] {
  return addresses.filter(({ isKernelMade }) => !isKernelMade);
}

/** `A` where it is point to point with an address of the peer, else a member of its subnet. */
function addressText({ address, length, peer }: ObservedAddress, other: ObservedLink): string {
  const isPointToPoint = peer !== undefined && written(other).some((one) => one.address === peer);
  return isPointToPoint ? address : `${address}/${length}`;
}

/** Routes that a person or tunorch wrote: those of the kernel come by themselves, those of daemons are theirs. */
function isSomebodys({ type, protocol, table }: ObservedRoute): boolean {
  return type === 'unicast' && table !== LOCAL_TABLE && ['static', 'boot', ROUTE_PROTOCOL].includes(protocol);
}

/** Kept by the kernel (ip-route(8)). */
const LOCAL_TABLE = 255;

function routeFields(route: ObservedRoute): unknown {
  const { to, table, metric } = route;
  const weight = weightOf(route);
  const usual = familyOf(to) === 6 ? 1024 : 0;
  const particular = withoutGaps({
    metric: metric === usual ? undefined : metric,
    table: table === MAIN_TABLE ? undefined : table,
    weight: weight === 1 ? undefined : weight,
  });
  return Object.keys(particular).length === 0 ? to : { to, ...particular };
}

function hexadecimalOrWord(value: unknown): unknown {
  return typeof value === 'string' && /^(0x)?[0-9a-f]+$/u.test(value) ? Number.parseInt(value, 16) : value;
}

function withoutGaps(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
