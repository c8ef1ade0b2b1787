import type { LabHost, LabLink, Topology } from './topology.ts';

const FORWARDING = { 'net.ipv4.ip_forward': '1' };

/** The cable every pair of hosts has: eth1 to eth1. */
function pairLink(one: string, other: string): LabLink {
  return [
    { host: one, device: 'eth1' },
    { host: other, device: 'eth1' },
  ];
}

interface PairSpec {
  readonly name: string;
  readonly summary: string;
  /** Underlay addresses with prefix length, of host-a and host-b. */
  readonly underlay: readonly [string, string];
  readonly tunnels: string;
  readonly ping: string;
}

function pair({ name, summary, underlay, tunnels, ping }: PairSpec): Topology {
  return {
    name,
    summary,
    hosts: [
      { name: 'host-a', addresses: { eth1: [underlay[0]] } },
      { name: 'host-b', addresses: { eth1: [underlay[1]] } },
    ],
    links: [pairLink('host-a', 'host-b')],
    tunnels,
    tryOut: { host: 'host-a', argv: ['ping', '-c', '3', ping] },
  };
}

/** Two hosts with a router between them that `router` may alter. */
function routedHosts(router: Partial<LabHost>, hostBRoutes: LabHost['routes']): Pick<Topology, 'hosts' | 'links'> {
  return {
    hosts: [
      { name: 'host-a', addresses: { eth1: ['10.10.10.2/24'] }, routes: [{ to: '10.10.20.0/24', via: '10.10.10.1' }] },
      { name: 'router', addresses: { eth1: ['10.10.10.1/24'], eth2: ['10.10.20.1/24'] }, sysctls: FORWARDING, ...router },
      { name: 'host-b', addresses: { eth1: ['10.10.20.2/24'] }, ...(hostBRoutes === undefined ? {} : { routes: hostBRoutes }) },
    ],
    links: [
      [
        { host: 'host-a', device: 'eth1' },
        { host: 'router', device: 'eth1' },
      ],
      [
        { host: 'router', device: 'eth2' },
        { host: 'host-b', device: 'eth1' },
      ],
    ],
  };
}

const twoHosts = pair({
  name: 'two-hosts',
  summary: 'two hosts on one link',
  underlay: ['1.1.1.1/24', '1.1.1.2/24'],
  tunnels: `gre1:
  mode: gre
  ttl: 255
  endpoints:
    host-a: { local: 1.1.1.1, address: 2.2.2.2 }
    host-b: { local: 1.1.1.2, address: 3.3.3.3 }
`,
  ping: '3.3.3.3',
});

const http = pair({
  name: 'http',
  summary: 'two hosts far apart in one large subnet',
  underlay: ['10.9.29.68/16', '10.9.142.136/16'],
  tunnels: `gre1:
  mode: gre
  endpoints:
    host-a: { local: 10.9.29.68, address: 192.168.10.1, routes: [192.168.10.0/24] }
    host-b: { local: 10.9.142.136, address: 192.168.10.2, routes: [192.168.10.0/24] }
`,
  ping: '192.168.10.2',
});

const sameSubnet = pair({
  name: 'same-subnet',
  summary: 'two hosts, both inner addresses in one subnet',
  underlay: ['192.168.1.10/24', '192.168.1.13/24'],
  tunnels: `Tunnel-1:
  mode: gre
  endpoints:
    host-a: { local: 192.168.1.10, address: 10.1.2.1/24 }
    host-b: { local: 192.168.1.13, address: 10.1.2.2/24 }
`,
  ping: '10.1.2.2',
});

const twoSubnets = pair({
  name: 'two-subnets',
  summary: 'two hosts, each inner address in a subnet of its own',
  underlay: ['192.168.100.1/24', '192.168.100.2/24'],
  tunnels: `Tunnel-2:
  mode: gre
  endpoints:
    host-a: { local: 192.168.100.1, address: 20.1.2.1/24, routes: [20.1.3.0/24] }
    host-b: { local: 192.168.100.2, address: 20.1.3.1/24, routes: [20.1.2.0/24] }
`,
  ping: '20.1.3.1',
});

const routed: Topology = {
  name: 'routed',
  summary: 'two hosts with a router between them',
  ...routedHosts({}, [{ to: '10.10.10.0/24', via: '10.10.20.1' }]),
  tunnels: `tunnel:
  mode: ipip
  endpoints:
    host-a: { device: tun1, local: 10.10.10.2, address: 10.10.100.10 }
    host-b: { device: tun2, local: 10.10.20.2, address: 10.10.200.10 }
`,
  tryOut: { host: 'host-a', argv: ['ping', '-c', '3', '10.10.200.10'] },
};

const nat: Topology = {
  name: 'nat',
  summary: 'a masquerading router hides one of the hosts',
  ...routedHosts({ masquerade: ['eth2'] }, undefined),
  tunnels: `gre1:
  mode: gre
  endpoints:
    host-a: { local: 10.10.10.2, address: 10.10.100.10 }
    host-b: { local: 10.10.20.2, address: 10.10.200.10 }
`,
};

const siteToSite: Topology = {
  name: 'site-to-site',
  summary: 'two routers, a PC behind each',
  hosts: [
    { name: 'router-a', addresses: { eth1: ['30.1.1.2/24'], lan0: ['10.2.1.1/24'] } },
    { name: 'router-b', addresses: { eth1: ['30.1.1.1/24'], lan0: ['10.1.1.1/24'] } },
    { name: 'pc1', inside: 'router-b', addresses: { eth0: ['10.1.1.2/24'] }, routes: [{ to: 'default', via: '10.1.1.1' }] },
    { name: 'pc2', inside: 'router-a', addresses: { eth0: ['10.2.1.2/24'] }, routes: [{ to: 'default', via: '10.2.1.1' }] },
  ],
  links: [
    pairLink('router-a', 'router-b'),
    [
      { host: 'router-a', device: 'lan0' },
      { host: 'pc2', device: 'eth0' },
    ],
    [
      { host: 'router-b', device: 'lan0' },
      { host: 'pc1', device: 'eth0' },
    ],
  ],
  tunnels: `gre1:
  mode: gre
  key: 1
  ttl: 255
  mtu: 1400
  endpoints:
    router-a: { local: 30.1.1.2, address: 10.10.10.2, networks: [10.2.1.0/24] }
    router-b: { local: 30.1.1.1, address: 10.10.10.1, networks: [10.1.1.0/24] }
`,
  tryOut: { host: 'pc1', argv: ['ping', '-c', '3', '10.2.1.2'] },
};

const systemdPair: Topology = {
  name: 'systemd-pair',
  summary: 'two Debian servers on one link, with systemd and the network managers it has',
  hosts: [
    { name: 'server-a', image: 'systemd', addresses: { eth1: ['30.2.1.1/24'] } },
    { name: 'server-b', image: 'systemd', addresses: { eth1: ['30.2.1.2/24'] } },
  ],
  links: [pairLink('server-a', 'server-b')],
  tunnels: `gre1:
  mode: gre
  key: 1
  endpoints:
    server-a: { local: 30.2.1.1, address: 10.11.0.1 }
    server-b: { local: 30.2.1.2, address: 10.11.0.2 }
`,
  tryOut: { host: 'server-a', argv: ['ping', '-c', '3', '10.11.0.2'] },
};

/** Two hosts with a link of their own and one each to a router: every other topology can be laid over it. */
const everything: Topology = {
  name: 'everything',
  summary: 'the cables of all the others, without addresses; for the e2e tests',
  hosts: [{ name: 'host-a' }, { name: 'router' }, { name: 'host-b' }],
  links: [
    pairLink('host-a', 'host-b'),
    [
      { host: 'host-a', device: 'eth2' },
      { host: 'router', device: 'eth1' },
    ],
    [
      { host: 'router', device: 'eth2' },
      { host: 'host-b', device: 'eth2' },
    ],
  ],
};

/** Every topology by its name, in the order lists show them. */
export const TOPOLOGIES: ReadonlyMap<string, Topology> = new Map(
  [twoHosts, siteToSite, routed, nat, http, sameSubnet, twoSubnets, systemdPair, everything].map((topology) => [topology.name, topology]),
);
