import type { GreLayer, IcmpLayer, IpLayer, Layer } from '../decode/layer.ts';

/** One header as a line: `GRE key 1, checksum right, seq 5`. */
export function layerWords(layer: Layer): string {
  switch (layer.layer) {
    case 'ipv4':
    case 'ipv6':
      return ipWords(layer);
    case 'gre':
      return greWords(layer);
    case 'ethernet':
      return joined(`Ethernet ${layer.from} → ${layer.to}`, layer.vlan === undefined ? '' : `VLAN ${layer.vlan}`);
    case 'arp':
      return `ARP ${layer.kind} ${layer.from} → ${layer.to}`;
    case 'udp':
      return `UDP port ${layer.fromPort} → ${layer.toPort}, ${layer.lengthBytes} bytes`;
    case 'tcp':
      return joined(`TCP port ${layer.fromPort} → ${layer.toPort}`, layer.flags, `seq ${layer.seq}`);
    case 'vxlan':
      return layer.vni === undefined ? 'VXLAN without a vni' : `VXLAN vni ${layer.vni}`;
    case 'gue':
      return joined('GUE', layer.version === 0 ? '' : `version ${layer.version}`, layer.isControl ? 'a control message' : '');
    case 'esp':
      return `ESP spi 0x${layer.spi.toString(16).padStart(8, '0')}, seq ${layer.seq}, ${layer.lengthBytes} bytes, encrypted`;
    case 'icmp':
    case 'icmpv6':
      return icmpWords(layer);
    case 'other':
      return `${layer.of}, ${layer.lengthBytes} bytes`;
    case 'cut-off':
      return `the packet ends within its ${layer.of} header`;
  }
}

function ipWords({ layer, from, to, ttl, tos, lengthBytes, id, isDf, checksum, flowlabel, encaplimit, fragment }: IpLayer): string {
  return joined(
    `${layer === 'ipv4' ? 'IPv4' : 'IPv6'} ${from} → ${to}`,
    `ttl ${ttl}`,
    tos === 0 ? '' : `tos 0x${tos.toString(16)}`,
    id === undefined ? '' : `id ${id}`,
    isDf === true ? 'DF' : '',
    flowlabel === undefined || flowlabel === 0 ? '' : `flowlabel 0x${flowlabel.toString(16)}`,
    encaplimit === undefined ? '' : `encaplimit ${encaplimit}`,
    fragment === undefined ? '' : `fragment at ${fragment.offsetBytes}${fragment.isLast ? ', the last' : ''}`,
    checksum === 'wrong' ? 'header checksum WRONG' : '',
    `${lengthBytes} bytes`,
  );
}

function greWords({ version, key, seq, checksum, protocol }: GreLayer): string {
  if (version !== 0) return `GRE version ${version}, protocol 0x${protocol.toString(16).padStart(4, '0')}`;
  return joined(
    key === undefined ? 'GRE without a key' : `GRE key ${key}`,
    checksum === undefined ? '' : `checksum ${checksum === 'wrong' ? 'WRONG' : checksum}`,
    seq === undefined ? '' : `seq ${seq}`,
  );
}

const ECHOES = { 'echo-request': 'echo request', 'echo-reply': 'echo reply' } as const;

function icmpWords({ layer, kind, type, code, id, seq, lengthBytes }: IcmpLayer): string {
  const name = layer === 'icmp' ? 'ICMP' : 'ICMPv6';
  if (kind === 'other') return `${name} type ${type}, code ${code}, ${lengthBytes} bytes`;
  return `${name} ${ECHOES[kind]}, id ${id}, seq ${seq}, ${lengthBytes} bytes`;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
