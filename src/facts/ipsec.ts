import { parseInterfaceAddress } from '../domain/address.ts';
import type { EspPath, IpsecPolicy, SecurityAssociation } from '../domain/ipsec.ts';
import type { Fact } from './fact.ts';

export interface IpsecState {
  readonly associations: readonly SecurityAssociation[];
  readonly policies: readonly IpsecPolicy[];
}

/**
 * Associations and policies, where the kernel has any: `ip xfrm` would load xfrm_user just to look, so the kernel's own socket
 * for it (NETLINK_XFRM, 6 in include/uapi/linux/netlink.h) is looked for first.
 *
 * Of an association two lines are taken and no more: `nokeys` came with iproute2 5.1, and keys stay on their host. The function
 * and the first answer stay in the shell for the prepare script, as those of the network do.
 */
export const ipsec: Fact<IpsecState> = {
  name: 'ipsec',
  snippet: () => `tunorch_ipsec() {
  grep -qs '^[^ ]* *6 ' /proc/net/netlink || return 0
  { ip xfrm state list nokeys 2>/dev/null || ip xfrm state list; } | sed -n '/^src /p; /^[[:blank:]]*proto /p'
  echo policies
  ip xfrm policy list
}
tunorch_ipsec_before=$(tunorch_ipsec)
printf '%s\\n' "$tunorch_ipsec_before"`,
  parse(section) {
    const [states = '', policies = ''] = section.split(/^policies$/m);
    return { associations: blocksOf(states).flatMap(associationOf), policies: blocksOf(policies).flatMap(policyOf) };
  },
};

/** Each begins with a line that is not indented. */
function blocksOf(text: string): readonly string[] {
  return text.split(/^(?=src )/m).filter((block) => block.startsWith('src '));
}

const ASSOCIATION = /^src (\S+) dst (\S+)\s+proto esp spi (0x[0-9a-f]+|\d+)\S* reqid (\d+)\S* mode (transport|tunnel)/;

function associationOf(block: string): readonly SecurityAssociation[] {
  const [, source, destination, spi, reqid, mode] = ASSOCIATION.exec(block) ?? [];
  if (source === undefined || destination === undefined) return [];
  return [{ source, destination, spi: Number(spi), reqid: Number(reqid), mode: mode as EspPath['mode'] }];
}

const SELECTOR = /^src (\S+) dst (\S+)(?: proto (\S+))?(?: dport (\d+))? *\n\s+dir (in|out|fwd) /;
const TEMPLATE = /tmpl src (\S+) dst (\S+)\s+proto esp (?:spi \S+ )?reqid (\d+)\S* mode (transport|tunnel)/g;

/** A policy with other words in its selector, of a socket or of an interface is none that could stand in the way of ours. */
function policyOf(block: string): readonly IpsecPolicy[] {
  const [, from = '', to = '', protocol, port, direction] = SELECTOR.exec(block) ?? [];
  if (direction === undefined || /\bif_id /.test(block)) return [];
  if (parseInterfaceAddress(from) === undefined || parseInterfaceAddress(to) === undefined) return [];
  const [path, ...others] = [...block.matchAll(TEMPLATE)].map(pathOf);
  const mark = /\bmark (0x[0-9a-f]+|\d+)\/0xffffffff/.exec(block)?.[1];
  const number = protocol === undefined ? undefined : numberOf(protocol);
  return [
    {
      direction: direction as IpsecPolicy['direction'],
      from,
      to,
      ...(number === undefined ? {} : { protocol: number }),
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(mark === undefined ? {} : { mark: Number(mark) }),
      priority: Number(/\bpriority (\d+)/.exec(block)?.[1] ?? 0),
      ...(path === undefined || others.length > 0 ? {} : { path }),
    },
  ];
}

function pathOf([, source = '', destination = '', reqid, mode]: RegExpMatchArray): EspPath {
  return { source, destination, reqid: Number(reqid), mode: mode as EspPath['mode'] };
}

/** iproute2 prints the names of /etc/protocols where there is one, and they differ between distributions. */
const NAMES: Readonly<Record<string, number>> = { ipencap: 4, ipv4: 4, 'ip-encap': 4, udp: 17, ipv6: 41, gre: 47, 'mpls-in-ip': 137 };
/** Reserved (IANA): a name that is not known is nothing tunorch writes. */
const OTHER = 255;

function numberOf(protocol: string): number {
  return /^\d+$/.test(protocol) ? Number(protocol) : (NAMES[protocol.toLowerCase()] ?? OTHER);
}
