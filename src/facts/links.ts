import { familyOf, parseAddress, parseInterfaceAddress } from '../domain/address.ts';
import type { Attributes, ObservedAddress, ObservedLink } from '../domain/observed.ts';
import { modeOfLink } from '../modes/index.ts';
import { settingsOf } from './link-settings.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads one entry of `ip -d -j address show`: the link with its details and its addresses. @throws Error - no kernel has such a link */
export function parseLink(entry: Json): ObservedLink {
  const linkInfo = (entry.linkinfo ?? {}) as Json;
  const kind = typeof linkInfo.info_kind === 'string' ? linkInfo.info_kind : undefined;
  // The bound device is in `link` of the entry itself where iproute2 could resolve its index.
  const infoData: Json = { ...(typeof entry.link === 'string' ? { link: entry.link } : {}), ...(linkInfo.info_data as Json | undefined) };
  const mode = kind === undefined ? undefined : modeOfLink(kind, infoData);
  return {
    device: deviceName(entry.ifname),
    ...(kind === undefined ? {} : { kind }),
    ...(mode === undefined ? {} : { mode: mode.name }),
    ...(typeof entry.ifalias === 'string' ? { alias: entry.ifalias } : {}),
    isUp: Array.isArray(entry.flags) && entry.flags.includes('UP'),
    mtuBytes: mtuOf(entry),
    attributes: mode === undefined ? {} : withNumbers(mode.parse(infoData)),
    addresses: Array.isArray(entry.addr_info) ? (entry.addr_info as Json[]).flatMap(parseLinkAddress) : [],
    ...(mode === undefined ? placeOf(entry) : settingsOf(entry)),
  };
}

/** As the kernel allows it, odd names included (dev_valid_name(), net/core/dev.c). */
function deviceName(name: unknown): string {
  if (typeof name !== 'string' || !/^(?!\.\.?$)[^\s/:]{1,15}$/u.test(name)) throw new Error(`a link named «${String(name)}»`);
  return name;
}

function mtuOf({ ifname, mtu }: Json): number {
  if (typeof mtu !== 'number' || !Number.isSafeInteger(mtu) || mtu < 0) throw new Error(`${String(ifname)} with the MTU «${String(mtu)}»`);
  return mtu;
}

function withNumbers(attributes: Attributes): Attributes {
  const bad = Object.entries(attributes).find(([, value]) => typeof value === 'number' && !Number.isSafeInteger(value));
  if (bad !== undefined) throw new Error(`a link with ${bad[0]} «${String(bad[1])}»`);
  return attributes;
}

function placeOf({ link }: Json): Pick<ObservedLink, 'over'> {
  return typeof link === 'string' ? { over: link } : {};
}

/** `address` beside `local` is the peer (ip-address(8)); some versions print empty objects, which are skipped. Its length is written back in commands. */
function parseLinkAddress(entry: Json): readonly ObservedAddress[] {
  if (parseAddress(String(entry.local ?? '')) === undefined) return [];
  const found = parseInterfaceAddress(`${String(entry.local)}/${String(entry.prefixlen)}`);
  const peer = parseAddress(String(entry.address ?? ''));
  if (found === undefined || (peer !== undefined && familyOf(peer) !== familyOf(found.address)))
    throw new Error(`an address «${[entry.local, entry.prefixlen, entry.address].join(' ')}»`);
  const { address } = found;
  const isTemporary = entry.dynamic === true || entry.temporary === true || entry.mngtmpaddr === true;
  const isKernelMade = (entry.scope === 'link' && address.startsWith('fe80:')) || isTemporary || entry.protocol === 'kernel_ll';
  return [{ ...found, ...(peer === undefined ? {} : { peer }), isKernelMade }];
}
