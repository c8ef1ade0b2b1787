import { parseAddress } from '../domain/address.ts';
import type { ObservedAddress, ObservedLink } from '../domain/observed.ts';
import { modeOfLink } from '../modes/index.ts';
import { settingsOf } from './link-settings.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads one entry of `ip -d -j address show`: the link with its details and its addresses. */
export function parseLink(entry: Json): ObservedLink {
  const linkInfo = (entry.linkinfo ?? {}) as Json;
  const kind = typeof linkInfo.info_kind === 'string' ? linkInfo.info_kind : undefined;
  // The bound device is in `link` of the entry itself where iproute2 could resolve its index.
  const infoData: Json = { ...(typeof entry.link === 'string' ? { link: entry.link } : {}), ...(linkInfo.info_data as Json | undefined) };
  const mode = kind === undefined ? undefined : modeOfLink(kind, infoData);
  return {
    device: String(entry.ifname),
    ...(kind === undefined ? {} : { kind }),
    ...(mode === undefined ? {} : { mode: mode.name }),
    ...(typeof entry.ifalias === 'string' ? { alias: entry.ifalias } : {}),
    isUp: Array.isArray(entry.flags) && entry.flags.includes('UP'),
    mtuBytes: Number(entry.mtu),
    attributes: mode === undefined ? {} : mode.parse(infoData),
    addresses: Array.isArray(entry.addr_info) ? (entry.addr_info as Json[]).flatMap(parseLinkAddress) : [],
    ...(mode === undefined ? placeOf(entry) : settingsOf(entry)),
  };
}

function placeOf({ link }: Json): Pick<ObservedLink, 'over'> {
  return typeof link === 'string' ? { over: link } : {};
}

/** `address` beside `local` is the peer (ip-address(8)); some versions print empty objects, which are skipped. */
function parseLinkAddress(entry: Json): readonly ObservedAddress[] {
  const address = parseAddress(String(entry.local ?? ''));
  if (address === undefined) return [];
  const peer = parseAddress(String(entry.address ?? ''));
  const isTemporary = entry.dynamic === true || entry.temporary === true || entry.mngtmpaddr === true;
  const isKernelMade = (entry.scope === 'link' && address.startsWith('fe80:')) || isTemporary || entry.protocol === 'kernel_ll';
  return [{ address, length: Number(entry.prefixlen), ...(peer === undefined ? {} : { peer }), isKernelMade }];
}
