import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Family } from '../../src/domain/address.ts';
import { HOSTS, type ModesStage, stageModes, type Variant } from '../e2e/modes-stage.ts';
import {
  modesTable,
  recapOf,
  triedThrice,
  unless,
  unlessBy,
  unlessFullSizeCrosses,
  unlessHeardBothWays,
  unlessUnchanged,
} from '../e2e/modes-table.ts';
import { captureDuring, ping } from '../e2e/scenario-capture.ts';
import { type ProgramRun, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { OPS_ENVIRONMENT } from '../e2e/scenario-stage.ts';

const table = modesTable(['up', 'second up', 'verify', 'full size', 'in place', 'rolled back', 'replaced', 'to many', 'down']);

/** Six tunnels at once, on guests under emulation with one slow processor each. */
const PATIENT = { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60', TUNORCH_DEADLINE: '240' };

/** Longer than duplicate address detection takes on an Ethernet device (RFC 4862 section 5.4). */
const QUIET = 'n=0; while ip -6 address show tentative | grep -q . && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done';

/** The kernel takes the link-local address of these away when their outer address changes, but not its route, and gives both to a new link. */
const WITHOUT_DRAWN =
  'for dev in t-ipip t-sit; do [ ! -e /sys/class/net/$dev ] || { ip -6 address flush dev $dev scope link; ip -6 route flush dev $dev fe80::/64; }; done';

let modesStage: ModesStage;
let before: ReadonlyMap<string, Snapshot>;

/** The tunnels over one family: how they are first, with another key or address, and bound to no link any more. */
function variants(family: Family) {
  const first: Variant = { family, isBound: true, isChanged: false };
  return { first, changed: { ...first, isChanged: true }, unbound: { ...first, isBound: false, isChanged: true } };
}

async function run(command: string, variant: Variant): Promise<ProgramRun> {
  return tunorch([command, await modesStage.inventory(variant)], { env: PATIENT, longestMs: 300_000 });
}

async function quiet(): Promise<void> {
  await Promise.all(HOSTS.map((host) => modesStage.scenario.sh(host, `${QUIET}; ${WITHOUT_DRAWN}`)));
}

async function indexes(): Promise<string> {
  const all = await Promise.all(HOSTS.map((host) => modesStage.scenario.sh(host, 'grep -s . /sys/class/net/t-*/ifindex')));
  return all.join();
}

describe('each mode on real kernels', () => {
  beforeAll(async () => {
    modesStage = await stageModes();
    before = await modesStage.scenario.look();
  });

  afterAll(() => {
    process.stdout.write(`\n${table.text(modesStage.present, modesStage.lacking)}\n`);
  });

  describe.each([4, 6] as const)('a tunnel of each mode over IPv%i, with a router between its ends', (family) => {
    const { first, changed, unbound } = variants(family);

    it('comes up, and full-size packets cross both ways', async () => {
      const up = await run('up', first);
      table.judge('up', up, unless('changed', up));
      table.judge('full size', up, unlessFullSizeCrosses(up));
    });

    it('has 0 changes the second time', async () => {
      const again = await run('up', first);
      table.judge('second up', again, unlessUnchanged(again));
    });

    it('is heard from both ends, says verify', async () => {
      const verify = await triedThrice(() => run('verify', first));
      table.judge('verify', verify, unlessHeardBothWays(verify));
    });

    it('takes another key, or other outer addresses, on the device it has', async () => {
      const there = await indexes();
      const up = await run('up', changed);
      table.judge('in place', up, unlessBy('change', up));
      expect(await indexes()).toBe(there);
    });

    it('is what it was, Ethernet address and all, when it was replaced and nothing crossed', async () => {
      await quiet();
      const was = await modesStage.scenario.look();
      onTestFinished(async () => void (await modesStage.scenario.sh('router', 'nft delete table inet e2e')));
      await modesStage.scenario.sh(
        'router',
        "nft -f - <<'EOF'\nadd table inet e2e\nadd chain inet e2e gate { type filter hook forward priority 0; policy drop; }\nEOF",
      );
      const up = await run('up', unbound);
      table.judge('rolled back', up, (mode) => {
        const recap = recapOf(up, mode);
        return recap?.outcome === 'rolled-back' && recap.isProved === true ? undefined : JSON.stringify(recap);
      });
      await quiet();
      await expectUnchanged(modesStage.scenario.lab, was);
    });

    it('is replaced where the kernel cannot change what differs', async () => {
      const up = await run('up', unbound);
      table.judge('replaced', up, unlessBy('replace', up));
    });

    describe.runIf(family === 4)('to many', () => {
      it('crosses a gre tunnel as multicast', async () => {
        const { scenario } = modesStage;
        const capture = { host: 'host-b', device: 't-gre', filter: 'icmp', shows: [/10\.10\.100\.10 > 224\.0\.0\.5: ICMP echo request/] };
        await captureDuring(scenario, capture, () => scenario.sh('host-a', 'ping -n -c 2 -i 0.2 -W 1 -I t-gre 224.0.0.5 || true'));
        table.write('gre', 'to many', 'multicast');
      });

      it('crosses a gretap tunnel as Ethernet broadcast, and neighbours find each other', async () => {
        const { scenario } = modesStage;
        const capture = {
          host: 'host-b',
          device: 't-gretap',
          filter: 'icmp or arp',
          shows: [/10\.10\.101\.1 > 10\.10\.101\.255: ICMP echo request/],
        };
        await captureDuring(scenario, capture, () => scenario.sh('host-a', 'ping -n -b -c 2 -i 0.2 -W 1 -I t-gretap 10.10.101.255 || true'));
        await ping(scenario, 'host-a', '10.10.101.2');
        expect(await scenario.sh('host-a', 'ip neigh show dev t-gretap')).toMatch(/10\.10\.101\.2 lladdr/);
        table.write('gretap', 'to many', 'broadcast');
      });
    });

    it('are gone after down, and both hosts are what they were', async () => {
      const down = await run('down', unbound);
      table.judge('down', down, unless('changed', down));
      await expectUnchanged(modesStage.scenario.lab, before);
    });
  });
});
