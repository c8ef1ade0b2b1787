import { guard, NO_GUARD, type Trouble } from '../e2e/doctor-trouble.ts';
import { troublesOfAnyMode } from '../e2e/troubles-of-any-mode.ts';

/** A vxlan between 192.168.1.10 on host-a and 192.168.1.13 on host-b, which have one link. */
export const ON_ONE_LINK = {
  ...troublesOfAnyMode('vx1'),
  outside: {
    title: 'a rule of the peer that drops the packets',
    on: 'host-b',
    wrong: guard('input', 'udp dport 4789 counter drop'),
    cause: 'firewall-outside',
    host: 'host-b',
    names: /drops .*«udp dport 4789 drop» \(nft inet guard gate, handle \d+\)/,
    right: NO_GUARD,
  },
  outward: {
    title: 'a rule on the way out that rejects them',
    on: 'host-a',
    wrong: guard('output', 'ip daddr 192.168.1.13 udp dport 4789 reject'),
    cause: 'firewall-outside',
    host: 'host-a',
    names: /rejects .*«ip daddr 192\.168\.1\.13 udp dport 4789 reject/,
    right: NO_GUARD,
  },
  vni: {
    title: 'another VNI at one end',
    on: 'host-b',
    wrong: `ip link delete dev vx1 && ip link add name vx1 mtu 1450 type vxlan id 8 local 192.168.1.13 remote 192.168.1.10 ttl 64 dstport 4789 noudpcsum
ip link set dev vx1 alias tunorch:vx1 up && ip address add 10.1.2.2/24 dev vx1 && ip route add 10.201.1.0/24 dev vx1`,
    cause: 'option-mismatch',
    host: 'host-b',
    names: /id 8 \(the inventory says 7\)/,
  },
  remote: {
    title: 'another remote at one end',
    on: 'host-a',
    wrong: `ip link delete dev vx1 && ip link add name vx1 mtu 1450 type vxlan id 7 local 192.168.1.10 remote 192.168.1.99 ttl 64 dstport 4789 noudpcsum
ip link set dev vx1 alias tunorch:vx1 up && ip address add 10.1.2.1/24 dev vx1 && ip route add 10.202.1.0/24 dev vx1`,
    cause: 'endpoint-mismatch',
    host: 'host-a',
    names: /remote 192\.168\.1\.99 \(the inventory says 192\.168\.1\.13\)/,
  },
  mode: {
    title: 'an end that is no tunnel',
    on: 'host-b',
    wrong:
      'ip link delete dev vx1 && ip link add name vx1 type veth peer name vx1far && ip link set dev vx1 alias tunorch:vx1 up && ip address add 10.1.2.2/24 dev vx1',
    cause: 'mode-mismatch',
    host: 'host-b',
    names: /vx1 is veth, where the tunnel is vxlan/,
  },
  silent: {
    title: 'a peer that does not answer on the link below',
    on: 'host-b',
    async wrong({ sh }) {
      await sh('host-b', 'ip link set dev eth1 arp off');
      await sh('host-a', 'ip neighbour flush dev eth1');
    },
    cause: 'underlay-unreachable',
    host: 'host-a',
    names: /host-b \(192\.168\.1\.13\) does not answer on eth1/,
    certainty: 'likely',
    right: 'ip link set dev eth1 arp on',
  },
  routeMissing: {
    title: 'a route through the tunnel that was taken away',
    on: 'host-a',
    wrong: 'ip route delete 10.202.1.0/24 dev vx1',
    cause: 'route-missing',
    host: 'host-a',
    names: /no route to 10\.202\.1\.0\/24 leads into vx1/,
  },
  forwarding: {
    title: 'forwarding that was switched off',
    on: 'host-b',
    wrong: 'sysctl -q -w net.ipv4.ip_forward=0',
    cause: 'forwarding-off',
    host: 'host-b',
    names: /it does not forward what comes out of vx1 to 10\.202\.1\.0\/24/,
  },
} as const satisfies Readonly<Record<string, Trouble>>;

/** Lets through to host-b's side what comes from host-a's, and back only between hosts it saw: a vxlan's answers come from another port than they go to. */
const STATEFUL = `nft -f - <<'EOT'
add table inet guard
add set inet guard seen { type ipv4_addr . ipv4_addr; flags dynamic,timeout; timeout 60s; }
add chain inet guard gate { type filter hook forward priority 0; policy drop; }
add rule inet guard gate iifname "eth1" update @seen { ip saddr . ip daddr } accept
add rule inet guard gate ip daddr . ip saddr @seen accept
EOT`;

/** The same between 10.10.10.2 and 10.10.20.2, which a router has between them. */
export const WITH_ROUTER = {
  dropped: {
    title: 'a router that drops the packets',
    on: 'middle',
    wrong: guard('forward', 'udp dport 4789 drop'),
    cause: 'dropped-in-path',
    names: /UDP port 4789\) does not come to host-b, while pings between 10\.10\.10\.2 and 10\.10\.20\.2 pass/,
    certainty: 'likely',
    right: NO_GUARD,
  },
  refused: {
    title: 'a router that rejects them',
    on: 'middle',
    wrong: guard('forward', 'udp dport 4789 reject with icmp type admin-prohibited'),
    cause: 'refused-in-path',
    names: /^10\.10\.10\.1, between the hosts, refuses .*admin prohibited/,
    right: NO_GUARD,
  },
  ttl: {
    title: 'a ttl that ends at the router',
    on: 'host-a',
    wrong: 'ip link set dev vx1 type vxlan id 7 ttl 1',
    cause: 'ttl-too-small',
    host: 'host-a',
    names: /vx1 sends with ttl 1/,
  },
  blackHole: {
    title: 'a path that loses large packets without a word',
    on: 'middle',
    async wrong({ sh }) {
      await sh('middle', 'ip link set dev eth2 mtu 1400');
      await sh('host-b', guard('prerouting', 'ip frag-off & 0x1fff != 0 drop').replace('priority 0', 'priority -450'));
    },
    cause: 'mtu-black-hole',
    host: 'host-a',
    names: /packets of 1450 bytes, the MTU of vx1, are lost on the way to host-b; 1350 bytes pass/,
    async right({ sh }) {
      await sh('middle', 'ip link set dev eth2 mtu 1500');
      await sh('host-b', NO_GUARD);
    },
    bend: (draft) => {
      draft.tunnels.vx1.mtu = 1350;
    },
  },
  noRoute: {
    ...ON_ONE_LINK.noRoute,
    title: 'a route that forbids a peer behind a router',
    wrong: 'ip route add unreachable 10.10.10.2/32',
    names: /no route to 10\.10\.10\.2/,
  },
  elsewhere: {
    title: 'a route that leads past the tunnel to a router',
    on: 'host-a',
    wrong: 'ip route add 10.1.2.2/32 via 10.10.10.1',
    cause: 'route-elsewhere',
    host: 'host-a',
    names: /the route to 10\.1\.2\.2, .*, leads into eth2 in place of vx1/,
  },
  filtered: {
    title: 'another way back, and a strict reverse path filter',
    on: 'host-b',
    wrong: 'ip route add 10.10.10.2/32 via 192.168.1.10 && sysctl -q -w net.ipv4.conf.eth2.rp_filter=1',
    cause: 'reverse-path-filter',
    host: 'host-b',
    names: /its reverse path filter drops what comes by eth2/,
    right: 'ip route delete 10.10.10.2/32; sysctl -q -w net.ipv4.conf.eth2.rp_filter=0',
  },
  asymmetric: {
    title: 'another way back, through a stateful firewall',
    on: 'middle',
    async wrong({ sh }) {
      await sh('host-a', 'ip route add 10.10.20.2/32 via 192.168.1.13');
      await sh('middle', STATEFUL);
    },
    cause: 'asymmetric-path',
    host: 'host-b',
    names: /what host-a sends comes by eth1, and is answered by eth2/,
    certainty: 'likely',
    right: NO_GUARD,
  },
} as const satisfies Readonly<Record<string, Trouble>>;
