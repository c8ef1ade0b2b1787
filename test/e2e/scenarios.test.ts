import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { captureDuring, ping } from './scenario-capture.ts';
import { eventsOf, expectAll, plannedChanges, tunorch } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

/** What a tunnel is for, and how it shows on the wire. */
interface Proof {
  readonly title: string;
  readonly holds: (scenario: Scenario) => Promise<void>;
}

const PROOFS: Readonly<Record<string, Proof>> = {
  'two-hosts': {
    title: 'sends ICMP inside IP protocol 47',
    async holds(scenario) {
      const shows = [
        /ttl 255,.* proto GRE \(47\).*\n\s*1\.1\.1\.1 > 1\.1\.1\.2: GREv0/,
        /2\.2\.2\.2 > 3\.3\.3\.3: ICMP echo request/,
        /3\.3\.3\.3 > 2\.2\.2\.2: ICMP echo reply/,
      ];
      await captureDuring(scenario, { host: 'host-b', device: 'eth1', filter: 'ip proto 47', shows }, () => ping(scenario, 'host-a', '3.3.3.3'));
    },
  },
  'same-subnet': {
    title: 'makes both hosts neighbours in the inner subnet',
    async holds(scenario) {
      expect(await scenario.sh('host-a', 'ip route get 10.1.2.2')).toContain('dev Tunnel-1 src 10.1.2.1');
      await ping(scenario, 'host-a', '10.1.2.2');
      await ping(scenario, 'host-b', '10.1.2.1');
    },
  },
  'two-subnets': {
    title: 'routes each host to the subnet of the other',
    async holds(scenario) {
      expect(await scenario.sh('host-a', 'ip route get 20.1.3.1')).toContain('dev Tunnel-2 src 20.1.2.1');
      await ping(scenario, 'host-a', '20.1.3.1');
      await ping(scenario, 'host-b', '20.1.2.1');
    },
  },
  many: {
    title: 'tells the tunnels of one pair of hosts apart by their keys',
    async holds(scenario) {
      const shows = [
        /GREv0.*key=0x1,.*\n.*\n.*10\.10\.10\.2 > 10\.10\.10\.1: ICMP echo request/,
        /GREv0.*key=0x2,.*\n.*fd00:10:11::2 > fd00:10:11::1: \[icmp6 sum ok\] ICMP6, echo request/,
        /GREv0.*key=0x2,.*\n.*\n.*10\.10\.11\.2 > 10\.10\.11\.1: ICMP echo request/,
        /GREv0.*key=0x20,.*\n.*\n.*10\.10\.12\.2 > 10\.10\.12\.1: ICMP echo request/,
        /GREv0.*key=0x1f,.*\n.*\n.*10\.10\.12\.1 > 10\.10\.12\.2: ICMP echo reply/,
      ];
      await captureDuring(scenario, { host: 'router-b', device: 'eth1', filter: 'ip proto 47', shows }, async () => {
        for (const address of ['10.10.10.1', 'fd00:10:11::1', '10.10.11.1', '10.10.12.1']) await ping(scenario, 'router-a', address);
      });
    },
  },
  'routed-ipip': {
    title: 'crosses the router as IP protocol 4',
    async holds(scenario) {
      const shows = [/proto IPIP \(4\).*\n\s*10\.10\.10\.2 > 10\.10\.20\.2: /, /10\.10\.100\.10 > 10\.10\.200\.10: ICMP echo request/];
      await captureDuring(scenario, { host: 'router', device: 'eth1', filter: 'ip proto 4', shows }, () => ping(scenario, 'host-a', '10.10.200.10'));
    },
  },
  'routed-gre': {
    title: 'crosses the router as IP protocol 47',
    async holds(scenario) {
      const shows = [/10\.10\.20\.2 > 10\.10\.10\.2: GREv0/, /10\.10\.200\.10 > 10\.10\.100\.10: ICMP echo request/];
      await captureDuring(scenario, { host: 'router', device: 'eth2', filter: 'ip proto 47', shows }, () => ping(scenario, 'host-b', '10.10.100.10'));
    },
  },
  'site-to-site': {
    title: 'lets PC1 and PC2 reach each other, two hops away',
    async holds(scenario) {
      const shows = [
        /30\.1\.1\.1 > 30\.1\.1\.2: GREv0.*key=0x1,/,
        /10\.1\.1\.2 > 10\.2\.1\.2: ICMP echo request/,
        /10\.2\.1\.2 > 10\.1\.1\.2: ICMP echo request/,
      ];
      await captureDuring(scenario, { host: 'router-b', device: 'eth1', filter: 'ip proto 47', shows }, async () => {
        expect(await ping(scenario, 'pc1', '10.2.1.2')).toContain('ttl=62');
        expect(await ping(scenario, 'pc2', '10.1.1.2')).toContain('ttl=62');
      });
    },
  },
  http: {
    title: 'carries an HTTP request and its answer',
    async holds(scenario) {
      onTestFinished(async () => void (await scenario.sh('host-b', 'kill $(cat /run/httpd.pid); rm /run/httpd.pid')));
      await scenario.sh(
        'host-b',
        `busybox httpd -f -p 192.168.10.2:80 -h /srv/www </dev/null >/dev/null 2>&1 & echo $! >/run/httpd.pid
n=0; until ss -Hltn sport = :80 | grep -q . || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done; [ $n -lt 100 ]`,
      );
      const shows = [/192\.168\.10\.1\.\d+ > 192\.168\.10\.2\.80: /, /GET \/ HTTP\/1\.1/, /HTTP\/1\.[01] 200 OK/];
      await captureDuring(scenario, { host: 'host-b', device: 'eth1', filter: 'ip proto 47', shows }, async () => {
        expect(await scenario.sh('host-a', 'busybox wget -q -O - http://192.168.10.2/')).toBe('tunorch lab\n');
      });
    },
  },
};

describe.each(Object.entries(PROOFS))('the example %s', (example, { title, holds }) => {
  let scenario: Scenario;
  let before: ReadonlyMap<string, Snapshot>;
  const run = (command: string) => tunorch([command, scenario.inventory], { env: OPS_ENVIRONMENT });

  beforeAll(async () => {
    scenario = await stageExample(example);
    before = await scenario.look();
    for (const { sysctls } of before.values()) expect(sysctls).toContain('ipv4/ip_forward:0');
  });

  it('comes up on both hosts', async () => {
    const up = await run('up');
    expectAll(up, 'changed');
    for (const { probe } of eventsOf(up, 'probe')) expect(probe.received).toBe(probe.sent);
    expect(eventsOf(up, 'full-size-probe').map(({ passed }) => passed)).not.toContain(false);
  });

  it(title, () => holds(scenario));

  it('has 0 changes the second time', async () => {
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expect(again.recap.tunnels.map(({ changes }) => changes)).toEqual(again.recap.tunnels.map(() => 0));
    expect(eventsOf(again, 'host-phase').map(({ phase }) => phase)).not.toContain('prepare');
  });

  it('is healthy, says verify', async () => {
    expectAll(await run('verify'), 'ok');
  });

  it('is gone after down, and both hosts are what they were', async () => {
    expectAll(await run('down'), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});
