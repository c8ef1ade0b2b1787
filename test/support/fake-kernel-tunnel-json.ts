import { KINDS } from './fake-kernel-kinds.ts';
import type { TunnelParameters } from './fake-kernel-state.ts';

type Json = Readonly<Record<string, unknown>>;

/** `info_data` of `ip -d -j link`, as iproute2 6.1 prints it for each type. */
export function tunnelJson(kind: string, tunnel: TunnelParameters): Json {
  if (kind === 'vxlan') return vxlanJson(tunnel);
  const { proto, remote, local, link, fwmark, encap } = tunnel;
  const isVti = kind === 'vti' || kind === 'vti6';
  return {
    ...(proto === undefined ? {} : { proto }),
    remote,
    local,
    ...(link === undefined ? {} : { link }),
    ...(isVti ? {} : KINDS[kind]?.family === 6 ? ipv6Json(tunnel) : ipv4Json(kind, tunnel)),
    ...keysJson(tunnel),
    ...(fwmark === 0 ? {} : { fwmark: `0x${fwmark.toString(16)}` }),
    ...(encap === undefined ? {} : { encap }),
  };
}

function ipv4Json(kind: string, { ttl, tos, pmtudisc, ignoreDf, isIsatap }: TunnelParameters): Json {
  return {
    ttl,
    ...tosJson(tos),
    pmtudisc,
    ...(ignoreDf ? { ignore_df: true } : {}),
    ...(isIsatap ? { isatap: true } : {}),
    ...(kind === 'sit' ? { prefix: '2002::', prefixlen: 16 } : {}),
  };
}

function ipv6Json({ ttl, tos, encaplimit, flowlabel }: TunnelParameters): Json {
  return {
    ttl,
    ...(encaplimit === 'none' ? { ip6_tnl_f_ign_encap_limit: true } : { encap_limit: encaplimit }),
    ...(tos === 1 ? { ip6_tnl_f_use_orig_tclass: true } : { tclass: `0x${hex(tos, 2)}` }),
    ...(flowlabel === 'inherit' ? { ip6_tnl_f_use_orig_flowlabel: true } : { flowlabel: `0x${hex(flowlabel, 5)}` }),
  };
}

/** Where the ttl of the inner packet is copied, none is printed. */
function vxlanJson({ id, remote, local, link, dstport, ttl, tos }: TunnelParameters): Json {
  const suffix = remote.includes(':') ? '6' : '';
  return {
    id,
    [`remote${suffix}`]: remote,
    [`local${suffix}`]: local,
    ...(link === undefined ? {} : { link }),
    port_range: { low: 0, high: 0 },
    port: dstport,
    learning: true,
    ...tosJson(tos),
    ...(ttl === 0 ? {} : { ttl }),
    df: 'unset',
    ageing: 300,
    udp_csum: true,
    udp_zero_csum6_tx: false,
    udp_zero_csum6_rx: false,
  };
}

function keysJson({ ikey, okey, icsum, ocsum, iseq, oseq }: TunnelParameters): Json {
  return {
    ...(ikey === undefined ? {} : { ikey: dotted(ikey) }),
    ...(okey === undefined ? {} : { okey: dotted(okey) }),
    ...Object.fromEntries(Object.entries({ icsum, ocsum, iseq, oseq }).filter(([, isOn]) => isOn)),
  };
}

function tosJson(tos: number): Json {
  return tos === 0 ? {} : { tos: `0x${tos.toString(16)}` };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function dotted(key: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(key / 2 ** shift) % 256).join('.');
}
