import { beforeAll, describe, expect, it } from 'vitest';
import { doctor, expectDiagnosed, guard, NO_GUARD, type Patient, type Trouble } from './doctor-trouble.ts';
import { healthyPatient } from './doctor-ward.ts';
import { eventsOf, expectAll, tunorch } from './scenario-program.ts';

describe('two hosts in one subnet', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('same-subnet');
  });

  it('are healthy with gre', async () => {
    expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [] });
  });

  it('show their packets at both ends: ICMP in GRE, sent, arrived and answered', async () => {
    const run = await tunorch(['capture', 'Tunnel-1', '-i', patient.ward.inventory, '--pings', '1', '--timeout', '60']);
    expectAll(run, 'ok');
    const [request] = eventsOf(run, 'packet').filter(({ packet }) => packet.sent?.layers.at(-1)?.layer === 'icmp');
    expect(request?.packet).toMatchObject({
      from: 'host-a',
      to: 'host-b',
      sent: { layers: [{ protocol: 47 }, { layer: 'gre' }, { layer: 'ipv4' }, { kind: 'echo-request' }] },
    });
    expect(request?.packet.arrived?.layers).toEqual(request?.packet.sent?.layers);
    expect(eventsOf(run, 'traffic').map(({ traffic }) => [traffic.sent, traffic.arrived, traffic.echoes?.received])).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  it.each<Trouble>([
    {
      title: 'a firewall that rejects with admin-prohibited, of iptables',
      on: 'host-b',
      wrong: 'iptables -A INPUT -p tcp --dport 25 -j DROP; iptables -A INPUT -p 47 -j REJECT --reject-with icmp-admin-prohibited',
      cause: 'firewall-outside',
      host: 'host-b',
      names: /rejects .*-A INPUT -p (?:gre|47) .*icmp-admin-prohibited» \(iptables -t filter, number 2 of INPUT\)/,
      right: 'iptables -F INPUT',
    },
    {
      title: 'a firewall on the way out',
      on: 'host-a',
      wrong: guard('output', 'ip daddr 192.168.1.13 meta l4proto gre counter drop'),
      cause: 'firewall-outside',
      host: 'host-a',
      names: /drops .*«ip daddr 192\.168\.1\.13 meta l4proto (?:gre|47) drop» \(nft inet guard gate, handle \d+\)/,
      right: NO_GUARD,
    },
    {
      title: 'a key that only one end has',
      on: 'host-b',
      wrong: 'ip link change dev Tunnel-1 type gre key 7',
      cause: 'key-mismatch',
      host: 'host-b',
      names: /ikey 7 \(the inventory says unset\)/,
    },
  ])('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
});
