import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/lab/command.ts';
import {
  consoleOf,
  cutLink,
  cutManagement,
  pauseGuest,
  plugIn,
  powerOff,
  powerOn,
  restoreLink,
  restoreManagement,
  resumeGuest,
  unplug,
} from '../../src/lab/faults.ts';
import { OPS_PASSWORD } from '../../src/lab/lab.ts';
import { endLab } from '../../src/lab/lab-state.ts';
import { labUp } from '../../src/lab/lab-up.ts';
import { labExec } from '../../src/lab/ssh.ts';
import { resetLab } from '../../src/lab/stage.ts';
import { TOPOLOGIES } from '../../src/lab/topologies.ts';
import { exec, type Scene, sharedLab, stage } from '../e2e/support/shared-lab.ts';

const MODULES = [
  'ip_gre',
  'ipip',
  'sit',
  'ip_vti',
  'ip6_gre',
  'ip6_tunnel',
  'ip6_vti',
  'vxlan',
  'fou',
  'fou6',
  'esp4',
  'esp6',
  'xfrm_user',
  'xfrm_interface',
];
const FILTER_MODULES = [
  'nf_tables',
  'nft_reject_inet',
  'nft_masq',
  'nf_conntrack',
  'xt_TCPMSS',
  'iptable_filter',
  'ip6table_filter',
  'sch_netem',
  'act_mirred',
  'veth',
  'vrf',
];

const GRE = {
  'host-a': 'ip link add name gre1 type gre local 1.1.1.1 remote 1.1.1.2 ttl 255 && ip addr add 2.2.2.2 peer 3.3.3.3 dev gre1 && ip link set gre1 up',
  'host-b': 'ip link add name gre1 type gre local 1.1.1.2 remote 1.1.1.1 ttl 255 && ip addr add 3.3.3.3 peer 2.2.2.2 dev gre1 && ip link set gre1 up',
};

/** Whether one answer comes within the seconds: after a cable is back, neighbours take about one to find each other. */
async function pings(scene: Scene, host: string, address: string, seconds = 8): Promise<boolean> {
  return (await scene.exec(host, `ping -n -c 1 -i 0.2 -w ${seconds} ${address}`)).status === 0;
}

/** What a guest's network is at this moment, without what only counts or ticks. */
async function networkState(guest: string): Promise<string> {
  const reads = ['ip -br address', 'ip route show table all', 'ip -6 route', 'ip rule', 'ip netns', 'cut -d" " -f1 /proc/modules', 'nproc'];
  const sysctls = "grep -rs '' /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf | sort";
  return (await exec(guest, [...reads, sysctls].join('\n'))).stdout;
}

describe('the lab', () => {
  it('has a stock kernel and the programs that tunnels need on each guest', async () => {
    for (const guest of ['host-a', 'router', 'host-b']) {
      const { status, stdout } = await exec(
        guest,
        'uname -r; hostname; for p in ip nft iptables tcpdump sudo curl sysctl modprobe conntrack; do command -v $p || exit 1; done',
      );
      expect(status).toBe(0);
      expect(stdout).toContain('cloud-amd64');
      expect(stdout).toContain(`\n${guest}\n`);
    }
  });

  it('lets four users in, each with its own rights', async () => {
    const who = await Promise.all((['root', 'ops', 'deploy', 'plain'] as const).map((user) => exec('host-a', 'id -un', { user })));
    expect(who.map((result) => result.stdout.trim())).toEqual(['root', 'ops', 'deploy', 'plain']);
    expect((await exec('host-a', 'sudo -n id -u', { user: 'deploy' })).stdout).toBe('0\n');
    expect((await exec('host-a', 'sudo -n id -u', { user: 'ops' })).status).toBe(1);
    expect((await exec('host-a', "sudo -S -p '' id -u", { user: 'ops', stdin: `${OPS_PASSWORD}\n` })).stdout).toBe('0\n');
    expect((await exec('host-a', 'sudo -n id -u', { user: 'plain' })).status).toBe(1);
  });

  it('can load every module that tunnels and filters need', async () => {
    await resetLab(await sharedLab());
    const { stdout, stderr } = await exec('host-a', `for m in ${[...MODULES, ...FILTER_MODULES].join(' ')}; do modprobe $m && echo $m; done`);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([...MODULES, ...FILTER_MODULES]);
  });

  it('hands a command over word by word', async () => {
    const words = ['a b', "it's", '$HOME', '*', ''];
    expect((await labExec(await sharedLab(), 'router', ['printf', '<%s>', ...words])).stdout).toBe(words.map((word) => `<${word}>`).join(''));
  });

  it('reaches nothing outside', async () => {
    const { status } = await exec(
      'host-a',
      'ip route add default via 198.18.0.2 && busybox nc -w 2 1.1.1.1 80 </dev/null; r=$?; ip route del default; exit $r',
    );
    expect(status).not.toBe(0);
  });

  it('says what it found hashed and plain in known_hosts', async () => {
    const lab = await sharedLab();
    const port = lab.guests[0]?.port;
    for (const path of [lab.knownHostsPath, lab.hashedKnownHostsPath]) {
      expect((await runCommand(['ssh-keygen', '-F', `[127.0.0.1]:${port}`, '-f', path])).status).toBe(0);
    }
  });
});

describe('topologies on running guests', () => {
  it('carries a hand-made gre tunnel in both directions', async () => {
    const scene = await stage('two-hosts');
    for (const [host, script] of Object.entries(GRE)) expect(await scene.exec(host, script)).toMatchObject({ status: 0, stderr: '' });
    expect(await pings(scene, 'host-a', '3.3.3.3')).toBe(true);
    expect(await pings(scene, 'host-b', '2.2.2.2')).toBe(true);
  });

  it('puts a router in between', async () => {
    const scene = await stage('routed');
    expect(await pings(scene, 'host-a', '10.10.20.2')).toBe(true);
    expect(await pings(scene, 'host-b', '10.10.10.2')).toBe(true);
  });

  it('hides a host behind a masquerading router', async () => {
    const scene = await stage('nat');
    expect(await pings(scene, 'host-a', '10.10.20.2')).toBe(true);
    expect(await pings(scene, 'host-b', '10.10.10.2', 1)).toBe(false);
  });

  it('has PCs behind routers, which reach no further than their own router without a tunnel', async () => {
    const scene = await stage('site-to-site');
    expect(await pings(scene, 'pc1', '10.1.1.1')).toBe(true);
    expect(await pings(scene, 'pc2', '10.2.1.1')).toBe(true);
    expect(await pings(scene, 'router-a', '30.1.1.1')).toBe(true);
    expect(await pings(scene, 'pc1', '10.2.1.2', 1)).toBe(false);
  });

  it('is reset to what it was after boot', async () => {
    const lab = await sharedLab();
    await resetLab(lab);
    const clean = await networkState('host-a');
    await stage('two-hosts');
    const dirt = [
      GRE['host-a'],
      'ip netns add left && ip link add v0 type veth peer name v1 netns left',
      'nft add table inet x && nft "add chain inet x input { type filter hook input priority 0; }" && iptables-legacy -A INPUT -p 47 -j DROP',
      'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth1.rp_filter=1 net.ipv4.conf.all.rp_filter=2',
      'ip rule add preference 99 table 7 && ip route add blackhole 7.7.7.0/24 && ip address add 9.9.9.9/32 dev lo && ip link set eth1 mtu 1300',
      'modprobe fou && ip fou add port 5555 ipproto 47 && ip xfrm state list && tc qdisc add dev eth1 root netem delay 10ms',
      'echo blacklist ipip > /etc/modprobe.d/x.conf && setsid sleep 1000 </dev/null >/dev/null 2>&1 &',
    ];
    expect(await exec('host-a', dirt.join('\n'))).toMatchObject({ status: 0, stderr: '' });
    expect(await networkState('host-a')).not.toBe(clean);
    await resetLab(lab);
    expect(await networkState('host-a')).toBe(clean);
    expect((await exec('host-a', 'nft list ruleset; ls /etc/modprobe.d; pgrep sleep; cat /sys/class/net/eth1/mtu')).stdout).toBe('1500\n');
  });
});

describe('faults', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await stage('two-hosts');
  });

  it('cuts and restores a link', async () => {
    await cutLink(scene.lab, 'host-a', 'host-b');
    expect((await exec('host-a', 'cat /sys/class/net/eth1/carrier')).stdout).toBe('0\n');
    expect(await pings(scene, 'host-a', '1.1.1.2', 1)).toBe(false);
    await restoreLink(scene.lab, 'host-a', 'host-b');
    expect((await exec('host-a', 'cat /sys/class/net/eth1/carrier')).stdout).toBe('1\n');
    expect(await pings(scene, 'host-a', '1.1.1.2')).toBe(true);
  });

  it('pulls one end alone: the other keeps its carrier and loses packets silently', async () => {
    await unplug(scene.lab, { host: 'host-b', device: 'eth1' });
    expect((await exec('host-a', 'cat /sys/class/net/eth1/carrier')).stdout).toBe('1\n');
    expect(await pings(scene, 'host-a', '1.1.1.2', 1)).toBe(false);
    await plugIn(scene.lab, { host: 'host-b', device: 'eth1' });
    expect(await pings(scene, 'host-a', '1.1.1.2')).toBe(true);
  });

  it('pauses and resumes a guest', async () => {
    await pauseGuest(scene.lab, 'host-b');
    expect(await pings(scene, 'host-a', '1.1.1.2', 1)).toBe(false);
    await resumeGuest(scene.lab, 'host-b');
    expect(await pings(scene, 'host-a', '1.1.1.2')).toBe(true);
  });

  it('cuts the way SSH takes and leaves the links alone', async () => {
    await cutManagement(scene.lab, 'host-b');
    expect((await exec('host-b', 'true', { timeoutMs: 1500 })).status).toBe(137);
    expect(await pings(scene, 'host-a', '1.1.1.2')).toBe(true);
    await restoreManagement(scene.lab, 'host-b');
    expect((await exec('host-b', 'true')).status).toBe(0);
  });

  it('takes the power of a guest away and gives it back on the same port', async () => {
    const topology = TOPOLOGIES.get('two-hosts');
    if (topology === undefined) throw new Error('there is no topology two-hosts');
    const lab = await labUp(topology);
    try {
      const port = lab.guests.find((guest) => guest.name === 'host-b')?.port;
      await powerOff(lab, 'host-b');
      expect((await labExec(lab, 'host-b', ['true'])).status).toBe(255);
      const again = await powerOn(lab, 'host-b');
      expect(again.guests.find((guest) => guest.name === 'host-b')?.port).toBe(port);
      expect((await labExec(again, 'host-b', ['hostname'])).stdout).toBe('host-b\n');
      expect(await consoleOf(again, 'host-b')).toContain('tunorch-lab: ready');
    } finally {
      await endLab(lab);
    }
  });
});
