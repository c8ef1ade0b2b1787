import type { FakeLink, TunnelParameters } from './fake-kernel-state.ts';

/** What tells one tunnel type of the kernel from another, as measured on Linux 6.1. */
interface Kind {
  readonly module: string;
  readonly family: 4 | 6 | 'any';
  readonly linkType: FakeLink['linkType'];
  /** Bytes before what is carried, options of GRE and encapsulations apart. */
  readonly headerBytes: number;
  readonly hasGre: boolean;
  /** Which of `link`, `ikey` and the like tell two devices apart, besides local and remote. */
  readonly identity: 'key' | 'addresses' | 'vni';
  /** A change moves the MTU by the headers that come or go, or sets it anew from the path where some or any attribute changed. */
  readonly mtuOnChange: 'by-headers' | 'anew-for-link' | 'anew' | 'stays';
  readonly leastMtu: number;
  readonly mostMtu: (headers: { readonly bytes: number; readonly gre: number }) => number;
  /** Words of `mode`, the default first. */
  readonly protos: readonly string[];
  readonly switches: readonly string[];
}

const GRE_SWITCHES = ['icsum', 'ocsum', 'iseq', 'oseq'];
const LARGEST = 65_535;

const gre: Kind = {
  module: 'ip_gre',
  family: 4,
  linkType: 'gre',
  headerBytes: 24,
  hasGre: true,
  identity: 'key',
  mtuOnChange: 'by-headers',
  leastMtu: 68,
  mostMtu: ({ bytes }) => LARGEST - bytes,
  protos: [],
  switches: GRE_SWITCHES,
};
const ipip: Kind = {
  ...gre,
  module: 'ipip',
  linkType: 'ipip',
  headerBytes: 20,
  hasGre: false,
  identity: 'addresses',
  mtuOnChange: 'anew-for-link',
  protos: ['any', 'ipip', 'mplsip'],
  switches: [],
};
const ip6gre: Kind = {
  ...gre,
  module: 'ip6_gre',
  family: 6,
  linkType: 'gre6',
  headerBytes: 44,
  mtuOnChange: 'anew',
  mostMtu: ({ bytes }) => 65_575 - bytes,
};

/** By `TYPE` of ip-link(8). */
export const KINDS: Readonly<Record<string, Kind>> = {
  gre,
  gretap: { ...gre, linkType: 'ether', headerBytes: 38 },
  ipip,
  sit: { ...ipip, module: 'sit', linkType: 'sit', leastMtu: 1280, mostMtu: () => 65_555, protos: ['any', 'ip6ip', 'ipip', 'mplsip'] },
  vti: { ...ipip, module: 'ip_vti', protos: [] },
  ip6gre,
  ip6gretap: { ...ip6gre, linkType: 'ether', headerBytes: 58, mostMtu: ({ bytes, gre: header }) => LARGEST - bytes - header },
  ip6tnl: {
    ...ip6gre,
    module: 'ip6_tunnel',
    linkType: 'tunnel6',
    headerBytes: 40,
    hasGre: false,
    identity: 'addresses',
    mostMtu: () => LARGEST,
    protos: ['any', 'ipip6', 'ip6ip6'],
    switches: [],
  },
  vti6: {
    ...ip6gre,
    module: 'ip6_vti',
    linkType: 'tunnel6',
    headerBytes: 40,
    hasGre: false,
    identity: 'addresses',
    mostMtu: () => 65_495,
    switches: [],
  },
  vxlan: {
    ...gre,
    module: 'vxlan',
    family: 'any',
    linkType: 'ether',
    headerBytes: 50,
    hasGre: false,
    identity: 'vni',
    mtuOnChange: 'stays',
    mostMtu: () => LARGEST,
    switches: [],
  },
};

/** Devices that come with a module, with what they are. */
export const FALLBACKS: Readonly<Record<string, readonly { readonly device: string; readonly kind: string }[]>> = {
  ip_gre: [
    { device: 'gre0', kind: 'gre' },
    { device: 'gretap0', kind: 'gretap' },
    { device: 'erspan0', kind: 'erspan' },
  ],
  ipip: [{ device: 'tunl0', kind: 'ipip' }],
  sit: [{ device: 'sit0', kind: 'sit' }],
  ip_vti: [{ device: 'ip_vti0', kind: 'vti' }],
  ip6_gre: [{ device: 'ip6gre0', kind: 'ip6gre' }],
  ip6_tunnel: [{ device: 'ip6tnl0', kind: 'ip6tnl' }],
  ip6_vti: [{ device: 'ip6_vti0', kind: 'vti6' }],
};

/** Modules that others need, loaded before them. */
export const NEEDED: Readonly<Record<string, string>> = { ip6_gre: 'ip6_tunnel', ip6_vti: 'ip6_tunnel' };

const ENCAP_BYTES: Readonly<Record<string, number>> = { fou: 8, gue: 12 };

export function overhead(kind: string, tunnel: TunnelParameters): number {
  const { encap, encaplimit, remote } = tunnel;
  const limit = (KINDS[kind]?.headerBytes ?? 0) >= 40 && kind !== 'vxlan' && kind !== 'vti6' && encaplimit !== 'none' ? 8 : 0;
  const ipv6 = kind === 'vxlan' && remote.includes(':') ? 20 : 0;
  return (KINDS[kind]?.headerBytes ?? 0) + greOptions(kind, tunnel) + limit + ipv6 + (ENCAP_BYTES[encap?.type ?? ''] ?? 0);
}

/** The GRE header with its options. */
export function greHeader(kind: string, tunnel: TunnelParameters): number {
  return KINDS[kind]?.hasGre === true ? 4 + greOptions(kind, tunnel) : 0;
}

function greOptions(kind: string, { okey, ocsum, oseq }: TunnelParameters): number {
  if (KINDS[kind]?.hasGre !== true) return 0;
  return [okey !== undefined, ocsum, oseq].filter(Boolean).length * 4;
}

export function mostMtu(kind: string, tunnel: TunnelParameters): number {
  const limit = tunnel.encaplimit === 'none' || kind === 'ip6tnl' ? 0 : 8;
  const bytes = overhead(kind, tunnel) - (KINDS[kind]?.family === 6 ? limit : 0);
  return KINDS[kind]?.mostMtu({ bytes, gre: greHeader(kind, tunnel) }) ?? LARGEST;
}
