import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { doctor, expectDiagnosed, guard, healthyPatient, NO_GUARD, type Patient, type Trouble } from '../e2e/doctor-trouble.ts';
import { eventsOf, expectAll, tunorch } from '../e2e/scenario-program.ts';
import { stageExample } from '../e2e/scenario-stage.ts';

describe('two hosts in one subnet', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('same-subnet');
  });

  it.each<Trouble>([
    {
      title: 'an end that sends to somebody else',
      on: 'host-a',
      wrong: 'ip link change dev Tunnel-1 type gre remote 192.168.1.99',
      cause: 'endpoint-mismatch',
      host: 'host-a',
      names: /remote 192\.168\.1\.99 \(the inventory says 192\.168\.1\.13\)/,
    },
    {
      title: 'an end that is down',
      on: 'host-b',
      wrong: 'ip link set dev Tunnel-1 down',
      cause: 'device-down',
      host: 'host-b',
      names: /Tunnel-1 is down/,
    },
    {
      title: 'an end that is of another mode',
      on: 'host-b',
      wrong: `ip link delete dev Tunnel-1 && ip link add name Tunnel-1 type ipip local 192.168.1.13 remote 192.168.1.10
ip link set dev Tunnel-1 alias tunorch:Tunnel-1 up && ip address add 10.1.2.2/24 dev Tunnel-1`,
      cause: 'mode-mismatch',
      host: 'host-b',
      names: /Tunnel-1 is ipip, where the tunnel is gre/,
    },
    {
      title: 'an end that is gone, and a module that may not be loaded',
      on: 'host-b',
      wrong: "rmmod ip_gre && echo 'blacklist ip_gre' >/etc/modprobe.d/no-gre.conf",
      cause: 'module-missing',
      host: 'host-b',
      names: /it needs the module ip_gre: it is blacklisted/,
      right: 'rm -f /etc/modprobe.d/no-gre.conf',
    },
    {
      title: 'an inner address that another link has too',
      on: 'host-b',
      wrong: 'ip address add 10.1.2.1/32 dev lo',
      cause: 'address-conflict',
      host: 'host-b',
      names: /lo has 10\.1\.2\.1, host-a’s inner address/,
    },
    {
      title: 'a route that leads the tunnel into itself',
      on: 'host-a',
      wrong: 'ip route add 192.168.1.13/32 dev Tunnel-1',
      cause: 'recursive-route',
      host: 'host-a',
      names: /leads into Tunnel-1 itself: 192\.168\.1\.13\/32/,
    },
    {
      title: 'a host that answers no pings',
      on: 'host-b',
      wrong: 'sysctl -q -w net.ipv4.icmp_echo_ignore_all=1',
      cause: 'echo-ignored',
      host: 'host-b',
      names: /icmp_echo_ignore_all=1/,
    },
    {
      title: 'a firewall that takes pings inside the tunnel only',
      on: 'host-b',
      wrong: guard('input', 'iifname "Tunnel-1" icmp type echo-request drop'),
      cause: 'firewall-inside',
      host: 'host-b',
      names: /«iifname "Tunnel-1" icmp type echo-request drop»/,
      right: NO_GUARD,
    },
  ])('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));

  it('are healthy with vxlan', async () => {
    patient.inventory = await patient.scenario.write((draft) => {
      Object.assign(draft.tunnels['Tunnel-1'], { mode: 'vxlan', vni: 7 });
    });
    expectAll(await tunorch(['up', patient.inventory]), 'changed');
    expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [] });
  });
});

describe('two hosts with a router between them', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('routed-ipip');
  });

  it('are healthy with ipip', async () => {
    expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [] });
  });

  it.each<Trouble>([
    {
      title: 'a router that drops what the tunnel sends',
      on: 'router',
      wrong: guard('forward', 'meta l4proto 4 drop'),
      cause: 'dropped-in-path',
      names: /protocol 4\) does not come to host-b, while pings between 10\.10\.10\.2 and 10\.10\.20\.2 pass/,
      right: NO_GUARD,
    },
    {
      title: 'a router that refuses what the tunnel sends',
      on: 'router',
      wrong: guard('forward', 'meta l4proto 4 reject with icmp type admin-prohibited'),
      cause: 'refused-in-path',
      names: /^10\.10\.10\.1, between the hosts, refuses .*admin prohibited/,
      right: NO_GUARD,
    },
    {
      title: 'a ttl that ends at the router',
      on: 'host-a',
      wrong: 'ip link change dev tun1 type ipip ttl 1',
      cause: 'ttl-too-small',
      host: 'host-a',
      names: /tun1 sends with ttl 1/,
    },
    {
      title: 'a path that carries less than the mtu, and says nothing',
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
  ])('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));

  it('names the address that a router puts in place of the sender’s', async () => {
    await patient.scenario.sh(
      'router',
      'nft \'add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; add rule ip nat post oifname "eth2" masquerade\'',
    );
    onTestFinished(async () => void (await patient.scenario.sh('router', 'nft delete table ip nat')));
    const { findings } = await doctor(patient);
    expect(findings[0]).toMatchObject({ cause: 'nat-in-path', certainty: 'proved' });
    expect(findings[0]?.message).toMatch(/host-b sees 10\.10\.20\.1 as the source of what host-a sends .*expects 10\.10\.10\.2/);
  });
});

describe('an up that fails', () => {
  it('tells why before it rolls both ends back', async () => {
    const scenario = await stageExample('two-hosts');
    await scenario.sh('host-b', guard('input', 'ip saddr 1.1.1.1 meta l4proto gre drop'));
    onTestFinished(async () => void (await scenario.sh('host-b', NO_GUARD)));
    const run = await tunorch(['up', scenario.inventory, '--deadline', '300']);
    expect(run.status).toBe(1);
    expect(run.recap.tunnels).toMatchObject([{ outcome: 'rolled-back', isProved: true }]);
    expect(eventsOf(run, 'diagnosis')[0]?.diagnosis.findings[0]).toMatchObject({ cause: 'firewall-outside', host: 'host-b', certainty: 'proved' });
  });
});
