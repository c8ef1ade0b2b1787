import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModeName } from '../../src/domain/tunnel.ts';
import type { Diagnosis } from '../../src/run/events.ts';
import { NO_GUARD } from '../e2e/doctor-trouble.ts';
import { type ModesStage, stageModes } from '../e2e/modes-stage.ts';
import { modesTable, triedThrice, unless, unlessHeardBothWays } from '../e2e/modes-table.ts';
import { eventsOf, type ProgramRun, tunorch } from '../e2e/scenario-program.ts';
import { OPS_ENVIRONMENT } from '../e2e/scenario-stage.ts';

const table = modesTable(['up', 'healthy', 'cause', 'cured']);

/** A tunnel of each mode, on guests under emulation with one slow processor each. */
const PATIENT = { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60', TUNORCH_DEADLINE: '240' };

/** Made wrong on host-b, all at once. */
const WRONG: Readonly<Record<ModeName, { readonly by: string; readonly cause: string; readonly names: RegExp }>> = {
  gre: { by: 'ip link change dev t-gre type gre key 99', cause: 'key-mismatch', names: /ikey 99/ },
  gretap: { by: 'ip link set dev t-gretap down', cause: 'device-down', names: /t-gretap is down/ },
  ipip: { by: 'ip link change dev t-ipip type ipip remote 10.10.10.99', cause: 'endpoint-mismatch', names: /remote 10\.10\.10\.99/ },
  sit: {
    by: 'rule ip daddr 10.10.20.2 meta l4proto 41 drop',
    cause: 'firewall-outside',
    names: /«ip daddr 10\.10\.20\.2 meta l4proto (?:ipv6|41) drop»/,
  },
  isatap: { by: 'ip link delete dev t-isatap', cause: 'device-missing', names: /there is no t-isatap/ },
  vti: { by: 'ip xfrm state deleteall dst 10.10.20.5', cause: 'ipsec-mismatch', names: /it has no IPsec state for what comes/ },
  ip6gre: { by: 'ip link change dev t-ip6gre type ip6gre csum', cause: 'option-mismatch', names: /icsum true/ },
  ip6gretap: { by: 'ip link change dev t-ip6gretap type ip6gretap key 98', cause: 'key-mismatch', names: /ikey 98/ },
  ip6tnl: {
    by: 'rule ip6 daddr fd00:20::2 meta l4proto { 4, 41 } drop',
    cause: 'firewall-outside',
    names: /«ip6 daddr fd00:20::2 meta l4proto \{ (?:ipencap|4), (?:ipv6|41) \} drop»/,
  },
  vti6: { by: 'ip link change dev t-vti6 type vti6 key 97', cause: 'key-mismatch', names: /ikey 97/ },
  vxlan: { by: 'rule udp dport 4789 drop', cause: 'firewall-outside', names: /«udp dport 4789 drop»/ },
};

let modesStage: ModesStage;
let inventory: string;

const run = (command: string): Promise<ProgramRun> => tunorch([command, inventory], { env: PATIENT, longestMs: 580_000 });

function diagnosisOf(told: ProgramRun, mode: ModeName): Diagnosis | undefined {
  return eventsOf(told, 'diagnosis').find(({ diagnosis }) => diagnosis.tunnel === `t-${mode}`)?.diagnosis;
}

describe('a tunnel of each mode, all at once', () => {
  beforeAll(async () => {
    modesStage = await stageModes();
    inventory = await modesStage.inventory({ isBound: false, isChanged: false });
    const up = await run('up');
    table.judge('up', up, unless('changed', up));
  });

  afterAll(() => {
    process.stdout.write(`\n${table.text(modesStage.present, modesStage.lacking)}\n`);
  });

  it('is healthy, says doctor, and nothing is named', async () => {
    const told = await triedThrice(() => run('doctor'));
    table.judge('healthy', told, (mode) => {
      const found = diagnosisOf(told, mode);
      return found?.isHealthy === true && found.findings.length === 0 ? undefined : JSON.stringify(found);
    });
    expect(told.status).toBe(0);
  });

  it('is told what is wrong with it, though something is wrong with each, and cured by what is told', async () => {
    const { scenario, present } = modesStage;
    const done = present.map((mode) => WRONG[mode].by);
    const rules = done.flatMap((by) => (by.startsWith('rule ') ? [`add rule inet guard gate ${by.slice(5)}`] : []));
    const gate = `nft -f - <<'EOT'\nadd table inet guard\nadd chain inet guard gate { type filter hook input priority 0; policy accept; }\n${rules.join('\n')}\nEOT`;
    await scenario.sh('host-b', ['set -e', ...done.filter((by) => !by.startsWith('rule ')), gate].join('\n'));
    const told = await run('doctor');
    table.judge('cause', told, (mode) => {
      const [first] = diagnosisOf(told, mode)?.findings ?? [];
      const { cause, names } = WRONG[mode];
      const isTold = first?.cause === cause && first.host === 'host-b' && names.test(first.message);
      if (isTold) table.write(mode, 'cured', cause === 'ipsec-mismatch' ? 'no command' : '');
      return isTold ? undefined : JSON.stringify(diagnosisOf(told, mode));
    });
    for (const mode of present) {
      const cures = diagnosisOf(told, mode)?.findings[0]?.cures ?? [];
      for (const { host, commands } of cures) if (host !== undefined) await scenario.sh(host, commands.join(' && '));
    }
    await run('up');
    const verified = await triedThrice(() => run('verify'));
    const isHeard = unlessHeardBothWays(verified);
    table.judge('cured', verified, (mode) => (WRONG[mode].cause === 'ipsec-mismatch' ? undefined : isHeard(mode)));
    await scenario.sh('host-b', NO_GUARD);
  });
});
