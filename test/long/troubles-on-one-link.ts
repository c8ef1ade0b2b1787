import { cutLink, powerOff, powerOn, restoreLink } from '../../src/lab/faults.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { guard, NO_GUARD, type Trouble, type Ward } from '../e2e/doctor-trouble.ts';
import { troublesOfAnyMode } from '../e2e/troubles-of-any-mode.ts';

/** host-a and host-b in one subnet, as in inventory/same-subnet.yaml. */
export const ON_ONE_LINK = {
  ...troublesOfAnyMode('Tunnel-1'),
  remote: {
    title: 'another remote at one end',
    on: 'host-a',
    wrong: 'ip link change dev Tunnel-1 type gre remote 192.168.1.99',
    cause: 'endpoint-mismatch',
    host: 'host-a',
    names: /remote 192\.168\.1\.99 \(the inventory says 192\.168\.1\.13\)/,
  },
  key: {
    title: 'a key at one end only',
    on: 'host-a',
    wrong: 'ip link change dev Tunnel-1 type gre key 7',
    cause: 'key-mismatch',
    host: 'host-a',
    names: /ikey 7 \(the inventory says unset\)/,
  },
  checksum: {
    title: 'checksums at one end only',
    on: 'host-a',
    wrong: 'ip link change dev Tunnel-1 type gre csum',
    cause: 'option-mismatch',
    host: 'host-a',
    names: /icsum true \(the inventory says unset\)/,
  },
  mode: {
    title: 'another mode at one end',
    on: 'host-b',
    wrong: `ip link delete dev Tunnel-1 && ip link add name Tunnel-1 type ipip local 192.168.1.13 remote 192.168.1.10
ip link set dev Tunnel-1 alias tunorch:Tunnel-1 up && ip address add 10.1.2.2/24 dev Tunnel-1`,
    cause: 'mode-mismatch',
    host: 'host-b',
    names: /Tunnel-1 is ipip, where the tunnel is gre/,
  },
  module: {
    title: 'a blacklisted module',
    on: 'host-b',
    wrong: "rmmod ip_gre && echo 'blacklist ip_gre' >/etc/modprobe.d/no-gre.conf",
    cause: 'module-missing',
    host: 'host-b',
    names: /it needs the module ip_gre: it is blacklisted/,
    right: 'rm -f /etc/modprobe.d/no-gre.conf',
  },
  rebooted: {
    title: 'an end that was rebooted',
    on: 'host-b',
    wrong: reboot,
    cause: 'peer-rebooted',
    host: 'host-b',
    names: /it was booted \d+ (?:s|min) ago and has had no Tunnel-1 since, while host-a still has its end/,
    certainty: 'likely',
  },
  cable: {
    title: 'a cable that was pulled',
    on: 'host-a',
    wrong: (ward) => cutLink(guestsOf(ward), 'host-a', 'host-b'),
    cause: 'underlay-unreachable',
    host: 'host-a',
    names: /host-b \(192\.168\.1\.13\) does not answer on eth1/,
    certainty: 'likely',
    right: (ward) => restoreLink(guestsOf(ward), 'host-a', 'host-b'),
  },
  outside: {
    title: 'a rule against the tunnel’s protocol',
    on: 'host-b',
    wrong: guard('input', 'meta l4proto gre reject'),
    cause: 'firewall-outside',
    host: 'host-b',
    names: /rejects .*«meta l4proto (?:gre|47) reject»/,
    right: NO_GUARD,
  },
  masquerade: {
    title: 'the host’s own masquerade',
    on: 'host-a',
    wrong: `ip address add 192.168.1.77/24 dev eth1; nft -f - <<'EOT'
add table ip guard
add chain ip guard gate { type nat hook postrouting priority 100; }
add rule ip guard gate oifname "eth1" meta l4proto gre snat to 192.168.1.77
EOT
conntrack -D -p 47 || :`,
    cause: 'nat-in-path',
    host: 'host-a',
    names: /it puts 192\.168\.1\.77 in place of its own address .*snat to 192\.168\.1\.77/,
    right: 'nft delete table ip guard; ip address delete 192.168.1.77/24 dev eth1',
  },
  stale: {
    title: 'a translation that outlived its rule',
    on: 'host-a',
    wrong: `ip address add 192.168.1.77/24 dev eth1; nft -f - <<'EOT'
add table ip guard
add chain ip guard gate { type nat hook postrouting priority 100; }
add rule ip guard gate meta l4proto gre snat to 192.168.1.77
EOT
sysctl -q -w net.netfilter.nf_conntrack_gre_timeout=600
conntrack -D -p 47; ping -c 2 -i 0.2 -W 1 10.1.2.2; nft flush chain ip guard gate`,
    cause: 'connection-stale',
    host: 'host-a',
    names: /puts 192\.168\.1\.77 into the tunnel’s packets, by a rule that is not there any more/,
    right: 'nft delete table ip guard; ip address delete 192.168.1.77/24 dev eth1; sysctl -q -w net.netfilter.nf_conntrack_gre_timeout=30',
  },
} as const satisfies Readonly<Record<string, Trouble>>;

/** Its power is taken away; what its network manager does at boot is done by hand. */
async function reboot(ward: Ward): Promise<void> {
  await powerOff(guestsOf(ward), 'host-b');
  await powerOn(guestsOf(ward), 'host-b');
  await ward.sh('host-b', 'ip link set dev eth1 up && ip address add 192.168.1.13/24 dev eth1');
}

function guestsOf({ lab }: Ward): Lab {
  if (lab === undefined) throw new Error('cables and power are of guests only');
  return lab;
}
