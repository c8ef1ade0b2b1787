import { beforeAll, describe, expect, it } from 'vitest';
import { doctor, expectDiagnosed, guard, healthyPatient, NO_GUARD, type Patient, type Trouble } from './doctor-trouble.ts';

describe('two hosts in one subnet', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('same-subnet');
  });

  it('are healthy with gre', async () => {
    expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [] });
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
      title: 'a firewall that takes pings inside the tunnel only',
      on: 'host-b',
      wrong: guard('input', 'iifname "Tunnel-1" icmp type echo-request drop'),
      cause: 'firewall-inside',
      host: 'host-b',
      names: /«iifname "Tunnel-1" icmp type echo-request drop»/,
      right: NO_GUARD,
    },
  ])('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
});
