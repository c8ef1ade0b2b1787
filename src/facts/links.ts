import { parseAddress } from '../domain/address.ts';
import type { Attributes, ObservedAddress, ObservedLink } from '../domain/observed.ts';
import { modeOfKind } from '../modes/index.ts';
import { settingsOf } from './link-settings.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads one entry of `ip -d -j address show`: the link with its details and its addresses. */
export function parseLink(entry: Json): ObservedLink {
  const linkInfo = (entry.linkinfo ?? {}) as Json;
  const kind = typeof linkInfo.info_kind === 'string' ? linkInfo.info_kind : undefined;
  return {
    device: String(entry.ifname),
    ...(kind === undefined ? {} : { kind }),
    ...(typeof entry.ifalias === 'string' ? { alias: entry.ifalias } : {}),
    isUp: Array.isArray(entry.flags) && entry.flags.includes('UP'),
    mtuBytes: Number(entry.mtu),
    attributes: attributesOf(kind, (linkInfo.info_data ?? {}) as Json, entry),
    addresses: Array.isArray(entry.addr_info) ? (entry.addr_info as Json[]).flatMap(parseLinkAddress) : [],
    ...(modeOfKind(kind ?? '') === undefined ? placeOf(entry) : settingsOf(entry)),
  };
}

function placeOf({ link }: Json): Pick<ObservedLink, 'over'> {
  return typeof link === 'string' ? { over: link } : {};
}

/** The bound device is in `link` of the entry itself where iproute2 could resolve its index. */
function attributesOf(kind: string | undefined, infoData: Json, entry: Json): Attributes {
  const mode = kind === undefined ? undefined : modeOfKind(kind);
  return mode === undefined ? {} : mode.parse({ ...(typeof entry.link === 'string' ? { link: entry.link } : {}), ...infoData });
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
