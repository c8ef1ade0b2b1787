import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ping } from '../e2e/scenario-capture.ts';
import { eventsOf, expectAll, onlyTunnel, plannedChanges, problemsOn, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/** Gre with a key adds 28 bytes. */
const PATH_BYTES = 1400;
const MTU_BYTES = PATH_BYTES - 28;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;
const run = (command: string) => tunorch([command, scenario.inventory]);

/** Segment size in the SYN of a connection through host-a, which is behind nobody's back: it comes from a namespace of its own. */
const SYN = `ip netns add lan && ip link add name lan0 type veth peer name eth0 netns lan
ip address add 10.10.101.1/24 dev lan0 && ip link set dev lan0 up
ip netns exec lan sh -c 'ip address add 10.10.101.2/24 dev eth0; ip link set dev eth0 up; ip route add default via 10.10.101.1'
tcpdump -p -l --immediate-mode -nn -v -c 1 -i gre1 'tcp[tcpflags] & tcp-syn != 0' >/run/syn 2>/run/syn.err </dev/null & echo $! >/run/syn.pid
n=0; until grep -q 'listening on' /run/syn.err || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done
ip netns exec lan busybox nc -w 2 10.10.200.10 9 </dev/null
n=0; until grep -q mss /run/syn || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done
kill $(cat /run/syn.pid) 2>/dev/null; cat /run/syn; rm -f /run/syn*; ip netns delete lan`;

beforeAll(async () => {
  scenario = await stageExample('narrow-path');
  before = await scenario.look();
  await scenario.sh('router', `ip link set dev eth2 mtu ${PATH_BYTES}`);
});

afterAll(async () => {
  await scenario.sh('router', 'ip link set dev eth2 mtu 1500; nft delete table ip hole 2>/dev/null; :');
});

describe('a path that carries less than the hosts’ links', () => {
  it('is measured, and both ends get what it leaves', async () => {
    const up = await run('up');
    expectAll(up, 'changed');
    expect(eventsOf(up, 'path-measured')).toContainEqual(
      expect.objectContaining({ host: 'host-a', to: '10.10.20.2', mtuBytes: PATH_BYTES, linkMtuBytes: 1500 }),
    );
    expect(eventsOf(up, 'tunnel-planned').map(({ mtuBytes }) => mtuBytes)).toEqual([MTU_BYTES]);
    expect(eventsOf(up, 'full-size-probe').map(({ mtuBytes, passed }) => ({ mtuBytes, passed }))).toEqual([
      { mtuBytes: MTU_BYTES, passed: true },
      { mtuBytes: MTU_BYTES, passed: true },
    ]);
    for (const host of ['host-a', 'host-b']) expect(await scenario.sh(host, 'cat /sys/class/net/gre1/mtu')).toBe(`${MTU_BYTES}\n`);
  });

  it('carries packets of the full size', async () => {
    await ping(scenario, 'host-a', '10.10.200.10');
    await scenario.sh('host-a', `ping -c 1 -M do -s ${MTU_BYTES - 28} 10.10.200.10`);
  });

  it('lowers the segment size of TCP that is forwarded', async () => {
    expect(await scenario.sh('host-a', SYN)).toContain(`mss ${MTU_BYTES - 40}`);
  });

  it('is not measured again when nothing is to be done', async () => {
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expect(eventsOf(again, 'host-phase').map(({ phase }) => phase)).not.toContain('measure');
  });

  it('is healthy, until somebody flushes the rules, and up makes them anew', async () => {
    expectAll(await run('verify'), 'ok');
    await scenario.sh('host-a', 'nft delete table inet tunorch-gre1');
    expect(problemsOn(onlyTunnel(await run('verify')), 'host-a').map(({ message }) => message)).toEqual([
      expect.stringContaining('not as declared: add mss clamp on gre1'),
    ]);
    expect(plannedChanges(await run('up'))).toEqual(['host-a: add mss clamp on gre1']);
  });

  it('leaves nothing after down, no rules either', async () => {
    expectAll(await run('down'), 'changed');
    await expectUnchanged(scenario.lab, before);
    for (const host of ['host-a', 'host-b']) expect(await scenario.sh(host, 'nft list ruleset')).not.toContain('tunorch');
  });

  it('is found by search where a firewall drops what routers say of it', async () => {
    await scenario.sh(
      'router',
      "nft 'add table ip hole; add chain ip hole out { type filter hook output priority 0; }; add rule ip hole out icmp type destination-unreachable drop'",
    );
    for (const host of ['host-a', 'host-b']) await scenario.sh(host, 'ip route flush cache');
    const plan = await run('plan');
    expect(eventsOf(plan, 'tunnel-planned').map(({ mtuBytes }) => mtuBytes)).toEqual([MTU_BYTES]);
  });
});
