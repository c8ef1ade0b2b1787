import { guard, NO_GUARD, type Trouble } from '../e2e/doctor-trouble.ts';

/** host-a and host-b with a router between them, as in inventory/routed-ipip.yaml. */
export const WITH_ROUTER = {
  dropped: {
    title: 'a router that drops the packets',
    on: 'router',
    wrong: guard('forward', 'meta l4proto 4 drop'),
    cause: 'dropped-in-path',
    names: /protocol 4\) does not come to host-b, while pings between 10\.10\.10\.2 and 10\.10\.20\.2 pass/,
    certainty: 'likely',
    right: NO_GUARD,
  },
  refused: {
    title: 'a router that rejects them',
    on: 'router',
    wrong: guard('forward', 'meta l4proto 4 reject with icmp type admin-prohibited'),
    cause: 'refused-in-path',
    names: /^10\.10\.10\.1, between the hosts, refuses .*admin prohibited/,
    right: NO_GUARD,
  },
  translated: {
    title: 'a router that translates addresses',
    on: 'router',
    wrong: guard('postrouting', 'oifname "eth2" masquerade')
      .replaceAll('inet guard', 'ip guard')
      .replace('type filter', 'type nat')
      .replace('priority 0', 'priority 100'),
    cause: 'nat-in-path',
    names: /host-b sees 10\.10\.20\.1 as the source of what host-a sends .*expects 10\.10\.10\.2/,
    right: 'nft delete table ip guard',
    bend: (draft) => {
      draft.tunnels['paris-lyon'].endpoints['host-a'].public = '10.10.20.1';
    },
  },
  ttl: {
    title: 'a ttl that ends at the router',
    on: 'host-a',
    wrong: 'ip link change dev tun1 type ipip ttl 1',
    cause: 'ttl-too-small',
    host: 'host-a',
    names: /tun1 sends with ttl 1/,
  },
  blackHole: {
    title: 'a path that loses large packets without a word',
    on: 'router',
    wrong: `ip link set dev eth2 mtu 1400; ${guard('output', 'icmp type destination-unreachable drop')}`,
    cause: 'mtu-black-hole',
    host: 'host-a',
    names: /packets of 1480 bytes, the MTU of tun1, are lost on the way to host-b; 1380 bytes pass/,
    right: `ip link set dev eth2 mtu 1500; ${NO_GUARD}`,
    bend: (draft) => {
      draft.tunnels['paris-lyon'].mtu = 1380;
    },
  },
} as const satisfies Readonly<Record<string, Trouble>>;

/** router-a and router-b with networks behind them, as in inventory/ipsec.yaml. */
export const WITH_NETWORKS = {
  sequence: {
    title: 'sequence numbers that begin anew at one end',
    on: 'router-a',
    wrong: `ping -q -c 60 -i 0.02 -W 1 10.10.10.1 >/dev/null; ip link delete dev gre1
ip link add name gre1 mtu 1400 type gre local 30.1.1.2 remote 30.1.1.1 key 1 ttl 255 seq
ip link set dev gre1 alias tunorch:gre1 up && ip address add 10.10.10.2 peer 10.10.10.1 dev gre1 && ip route add 10.1.1.0/24 dev gre1 proto 205`,
    cause: 'seq-out-of-step',
    host: 'router-b',
    names: /gre1 drops what router-a sends: its sequence numbers are behind/,
  },
} as const satisfies Readonly<Record<string, Trouble>>;

/** The same with `ipsec`. */
export const WITH_IPSEC = {
  noStates: {
    title: 'ESP states that one end has lost',
    on: 'router-b',
    wrong: 'ip xfrm state flush',
    cause: 'ipsec-mismatch',
    host: 'router-b',
    names: /it has no IPsec state for what comes/,
  },
  keys: {
    title: 'ESP keys that differ',
    on: 'router-b',
    wrong: `state=$(ip xfrm state list | awk '/^src 30\\.1\\.1\\.2 dst 30\\.1\\.1\\.1/ { on = 1; next } /^src/ { on = 0 } on && /proto esp/ { print "spi", $4, "reqid", $6; exit }')
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp \${state% reqid*}
ip xfrm state add src 30.1.1.2 dst 30.1.1.1 proto esp $state mode transport replay-window 32 aead 'rfc4106(gcm(aes))' 0x${'ab'.repeat(36)} 128`,
    cause: 'ipsec-mismatch',
    host: 'router-b',
    names: /cannot decrypt what comes: the IPsec keys differ/,
  },
} as const satisfies Readonly<Record<string, Trouble>>;
