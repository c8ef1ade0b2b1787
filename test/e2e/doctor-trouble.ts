import { expect, onTestFinished } from 'vitest';
import type { Diagnosis, Finding } from '../../src/run/events.ts';
import { eventsOf, expectAll, tunorch } from './scenario-program.ts';
import { type Draft, type Scenario, stageExample } from './scenario-stage.ts';

/** An example whose tunnels are up, for something to go wrong with. */
export interface Patient {
  readonly scenario: Scenario;
  /** The inventory as the last cure left it. */
  inventory: string;
}

/** Something wrong on a host, what doctor must say of it first, and what else a test has to do. */
export interface Trouble {
  readonly title: string;
  readonly on: string;
  readonly wrong: string;
  readonly cause: Finding['cause'];
  /** Whose fault it is; left out: between the hosts. */
  readonly host?: string;
  /** What the finding has to name, such as the firewall's rule. */
  readonly names: RegExp;
  /** What takes the trouble away, where the cure is for somebody else to type or goes round it. */
  readonly right?: string;
  /** How the inventory has to be bent, where the cure says so. */
  readonly bend?: (draft: Draft) => void;
}

/** Guests on a busy machine may take their time to answer as SSH. */
const patiently = (command: string, inventory: string) => tunorch([command, inventory, '--timeout', '60']);

/** One chain of nft with a rule that concerns others, and one that does not. */
export const guard = (hook: string, rule: string) => `nft -f - <<'EOT'
add table inet guard
add chain inet guard gate { type filter hook ${hook} priority 0; policy accept; }
add rule inet guard gate tcp dport 25 drop
add rule inet guard gate ${rule}
EOT`;
export const NO_GUARD = 'nft delete table inet guard';

export async function healthyPatient(example: string): Promise<Patient> {
  const scenario = await stageExample(example);
  const { inventory } = scenario;
  expectAll(await patiently('up', inventory), 'changed');
  return { scenario, inventory };
}

export async function doctor({ inventory }: Patient): Promise<Diagnosis> {
  const run = await patiently('doctor', inventory);
  const [told, ...others] = eventsOf(run, 'diagnosis');
  if (told === undefined || others.length > 0) throw new Error(`not one diagnosis: ${run.stderr}\n${run.stdout}`);
  expect(run.status).toBe(told.diagnosis.isHealthy ? 0 : 1);
  return told.diagnosis;
}

/** Makes the trouble, has it named first, types the cure, and sees the tunnel carry again. */
export async function expectDiagnosed(patient: Patient, trouble: Trouble): Promise<void> {
  const { on, wrong, cause, host, names, right } = trouble;
  const { scenario } = patient;
  await scenario.sh(on, wrong);
  if (right !== undefined) onTestFinished(async () => void (await scenario.sh(on, right)));
  const { findings } = await doctor(patient);
  const [first] = findings;
  const told = JSON.stringify(findings, undefined, 1);
  expect(first, told).toMatchObject({ cause, certainty: cause === 'dropped-in-path' ? 'likely' : 'proved' });
  expect(first?.host, told).toBe(host);
  expect(first?.message).toMatch(names);
  if (first === undefined || first.cures.every(({ commands }) => commands.length === 0)) return;
  await apply(patient, first, trouble);
  await expectHealed(patient);
}

/** Types what the finding says, where it says; `up` where it is for the place tunorch runs in. */
async function apply(patient: Patient, { cures }: Finding, { bend }: Trouble): Promise<void> {
  for (const { host, commands } of cures) {
    for (const command of commands) {
      if (host !== undefined) await patient.scenario.sh(host, command);
      else {
        if (bend !== undefined) patient.inventory = await patient.scenario.write(bend);
        expect(command).toMatch(/^tunorch up \S+ -l \S+$/);
        expectAll(await patiently('up', patient.inventory), 'changed');
      }
    }
  }
}

/** For half a minute after it was told of an error, the kernel drops a tunnel's first packets (net/ipv4/ip_tunnel.c, IPTUNNEL_ERR_TIMEO). */
async function expectHealed({ inventory }: Patient): Promise<void> {
  await expect.poll(async () => (await patiently('verify', inventory)).status, { timeout: 90_000, interval: 500 }).toBe(0);
}
