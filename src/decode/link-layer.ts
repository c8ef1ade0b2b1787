import type { Slice } from './slice.ts';
import { after } from './slice.ts';
import { byEthertype, type Next, type Step } from './step.ts';

/** What a frame of a link carries, by the capture file's link type (pcap-linktype(7)); undefined where it is none that tunnels go over. */
export function linkPayload(linkType: number, frame: Slice): Next | undefined {
  return LINKS.get(linkType)?.(frame);
}

const LINKS: ReadonlyMap<number, (frame: Slice) => Next> = new Map([
  [1, (frame) => payloadOf(frame).next],
  // LINKTYPE_RAW, what OpenBSD and Linux called so before, LINKTYPE_IPV4 and _IPV6
  [12, byVersion],
  [14, byVersion],
  [101, byVersion],
  [228, byVersion],
  [229, byVersion],
  // LINKTYPE_LINUX_SLL and _SLL2
  [113, (frame) => byEthertype(frame.view.getUint16(14), after(frame, 16))],
  [276, (frame) => byEthertype(frame.view.getUint16(0), after(frame, 20))],
]);

function byVersion(packet: Slice): Next {
  const version = packet.view.getUint8(0) >> 4;
  if (version !== 4 && version !== 6) return { as: { unknown: `IP version ${version}` }, slice: packet };
  return { as: version === 4 ? 'ipv4' : 'ipv6', slice: packet };
}

const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8]);

/** Of two tags the inner one is told. */
function payloadOf(frame: Slice): { readonly next: Next; readonly vlan?: number } {
  let at = 12;
  let vlan: number | undefined;
  for (; VLAN_TAGS.has(frame.view.getUint16(at)); at += 4) vlan = frame.view.getUint16(at + 2) & 0xfff;
  return { next: byEthertype(frame.view.getUint16(at), after(frame, at + 2)), ...(vlan === undefined ? {} : { vlan }) };
}

export function decodeEthernet(frame: Slice): Step {
  const { next, vlan } = payloadOf(frame);
  return {
    layer: { layer: 'ethernet', from: hardwareAddress(frame, 6), to: hardwareAddress(frame, 0), ...(vlan === undefined ? {} : { vlan }) },
    next,
  };
}

function hardwareAddress({ view }: Slice, at: number): string {
  return Array.from({ length: 6 }, (_, index) =>
    view
      .getUint8(at + index)
      .toString(16)
      .padStart(2, '0'),
  ).join(':');
}
