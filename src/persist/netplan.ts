import type { Endpoint } from '../domain/endpoint.ts';
import { PERSIST_PLACES } from '../domain/persistence.ts';
import type { BackEnd } from './back-end.ts';
import { ownText } from './header.ts';
import { markRule } from './mark.ts';
import { netdevSettings, networkd, networkSettings } from './networkd.ts';

/**
 * netplan, where systemd-networkd does its work: what netplan has no words for (a peer's address, a route's protocol, most of a
 * link) is beside what it writes for networkd at boot, in the drop-ins that both are made for (systemd.netdev(5)).
 *
 * Neither `generate` nor `apply` is run. Should netplan not understand a file, then no network comes up at the next boot, so it is
 * asked before the file takes its place.
 */
export const netplan: BackEnd = {
  name: 'netplan',
  places: [PERSIST_PLACES.netplanNetwork, PERSIST_PLACES.netplanNetdev, PERSIST_PLACES.netplan],
  needs: ['udev'],
  inexpressible: (endpoint) => {
    const fields = networkd.inexpressible?.(endpoint) ?? [];
    return fields.length > 0 || modeWord(endpoint) !== undefined ? fields : [endpoint.mode === 'ip6tnl' ? 'proto' : 'mode'];
  },
  files: (end) => [
    markRule(end),
    ownText(end.endpoint, { place: PERSIST_PLACES.netplanNetwork, lines: ['[Match]', ...networkSettings(end)] }),
    ownText(end.endpoint, { place: PERSIST_PLACES.netplanNetdev, lines: ['[NetDev]', ...netdevSettings(end.endpoint)] }),
    ownText(end.endpoint, { place: PERSIST_PLACES.netplan, mode: '600', lines: yamlLines(end.endpoint) }),
  ],
  check: { place: PERSIST_PLACES.netplan, tool: 'netplan' },
};

/** netplan's word for `mode`: it has none for isatap with networkd, and none for an ip6tnl that carries both families. */
function modeWord({ mode, proto }: Endpoint): string | undefined {
  if (mode === 'isatap') return undefined;
  if (mode === 'ip6tnl') return proto === 'ipip6' || proto === 'ip6ip6' ? proto : undefined;
  return mode;
}

/** JSON is YAML: a device may be called `1e3` or `yes`. */
function yamlLines(endpoint: Endpoint): readonly string[] {
  const { device, local, remote, ikey, okey, vni } = endpoint;
  return [
    'network:',
    '  version: 2',
    '  tunnels:',
    `    ${JSON.stringify(device)}:`,
    '      renderer: networkd',
    `      mode: ${modeWord(endpoint)}`,
    `      local: ${JSON.stringify(local)}`,
    `      remote: ${JSON.stringify(remote)}`,
    ...(vni === undefined ? [] : [`      id: ${vni}`]),
    ...(ikey === undefined || okey === undefined ? [] : [`      keys: { input: ${ikey}, output: ${okey} }`]),
    '      optional: true',
    '      link-local: []',
  ];
}
