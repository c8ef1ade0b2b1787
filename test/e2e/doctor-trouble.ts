import { expect } from 'vitest';
import type { Lab } from '../../src/lab/lab.ts';
import type { Diagnosis, Finding } from '../../src/run/events.ts';
import { type MatrixRow, matrixRow } from './doctor-matrix.ts';
import { eventsOf, expectAll, type ProgramRun } from './scenario-program.ts';
import type { Draft } from './scenario-stage.ts';

/** Hosts on which a tunnel is up, for something to go wrong with. */
export interface Ward {
  /** The guests, where the hosts are those. */
  readonly lab?: Lab;
  /** Runs shell text as root on a host: what it printed, and it must succeed. */
  sh(host: string, script: string): Promise<string>;
  /** Runs the program, with the patience that the hosts need. */
  run(command: string, inventory: string): Promise<ProgramRun>;
  /** Writes the inventory otherwise than it is. */
  write(bend: (draft: Draft) => void): Promise<string>;
  readonly inventory: string;
}

/** A ward, and how to have one again after a test that left it nobody knows how. */
export interface Patient {
  readonly admit: () => Promise<Ward>;
  ward: Ward;
}

export async function admitted(admit: () => Promise<Ward>): Promise<Patient> {
  return { admit, ward: await admit() };
}

/** Something done to the hosts: shell text for the host it is done on, or more than a shell can do. */
type Strike = string | ((ward: Ward) => Promise<unknown>);

/** Something wrong on a host, what doctor must say of it first, and what else a test has to do. */
export interface Trouble {
  readonly title: string;
  readonly on: string;
  readonly wrong: Strike;
  readonly cause: Finding['cause'];
  /** Whose fault it is; left out: between the hosts. */
  readonly host?: string;
  /** What the finding has to name, such as the firewall's rule. */
  readonly names: RegExp;
  /** Left out: it is proved. */
  readonly certainty?: Finding['certainty'];
  /** What takes the trouble away, where the cure is for somebody else to type or goes round it. */
  readonly right?: Strike;
  /** How the inventory has to be bent, where the cure says so. */
  readonly bend?: (draft: Draft) => void;
}

/** One chain of nft with a rule that concerns others, and one that does not. */
export const guard = (hook: string, rule: string, policy = 'accept') => `nft -f - <<'EOT'
add table inet guard
add chain inet guard gate { type filter hook ${hook} priority 0; policy ${policy}; }
add rule inet guard gate tcp dport 25 drop
add rule inet guard gate ${rule}
EOT`;
export const NO_GUARD = 'nft delete table inet guard';

export async function doctor({ ward }: Patient): Promise<Diagnosis> {
  const run = await ward.run('doctor', ward.inventory);
  const [told, ...others] = eventsOf(run, 'diagnosis');
  if (told === undefined || others.length > 0) throw new Error(`not one diagnosis: ${run.stderr}\n${run.stdout}`);
  expect(run.status).toBe(told.diagnosis.isHealthy ? 0 : 1);
  return told.diagnosis;
}

/** Makes the trouble, has it named first, types the cure, and sees the tunnel carry again; the hosts are left as they were. */
export async function expectDiagnosed(patient: Patient, trouble: Trouble): Promise<void> {
  const row = matrixRow(trouble);
  await orAdmittedAnew(patient, async () => {
    await strike(patient, trouble, trouble.wrong);
    const { findings } = await doctor(patient);
    const first = expectFirst(findings, trouble, row);
    await cure(patient, { finding: first, trouble, row });
    if (isTyped(first)) await leave(patient, trouble);
  });
}

/** Makes two troubles at once: one of them is named first, and once it is cured, the other. */
export async function expectBothDiagnosed(patient: Patient, pair: readonly [Trouble, Trouble]): Promise<void> {
  const row = matrixRow({ title: pair.map(({ title }) => title).join(', and '), cause: pair.map(({ cause }) => cause).join(' + ') });
  await orAdmittedAnew(patient, async () => {
    for (const trouble of pair) await strike(patient, trouble, trouble.wrong);
    const { findings } = await doctor(patient);
    const one = pair.find((trouble) => fits(findings[0], trouble)) ?? pair[0];
    const other = one === pair[0] ? pair[1] : pair[0];
    await apply(patient, expectFirst(findings, one, row), one);
    const rest = await doctor(patient);
    await cure(patient, { finding: expectFirst(rest.findings, other, row), trouble: other, row });
    for (const trouble of pair) await leave(patient, trouble);
  });
}

async function strike({ ward }: Patient, { on }: Trouble, done: Strike): Promise<void> {
  await (typeof done === 'string' ? ward.sh(on, done) : done(ward));
}

function fits(finding: Finding | undefined, { cause, host, names }: Trouble): finding is Finding {
  return finding?.cause === cause && finding.host === host && names.test(finding.message);
}

function expectFirst(findings: readonly Finding[], trouble: Trouble, row: MatrixRow): Finding {
  const [first] = findings;
  const told = JSON.stringify(findings, undefined, 1);
  row.found(first);
  expect(first, told).toMatchObject({ cause: trouble.cause, certainty: trouble.certainty ?? 'proved' });
  expect(first?.host, told).toBe(trouble.host);
  expect(first?.message).toMatch(trouble.names);
  if (!fits(first, trouble)) throw new Error(told);
  return first;
}

function isTyped({ cures }: Finding): boolean {
  return cures.some(({ commands }) => commands.length > 0);
}

interface Cured {
  readonly finding: Finding;
  readonly trouble: Trouble;
  readonly row: MatrixRow;
}

/** What only somebody else can cure is taken away by the test. */
async function cure(patient: Patient, { finding, trouble, row }: Cured): Promise<void> {
  const inventory = await apply(patient, finding, trouble);
  if (!isTyped(finding) && trouble.right !== undefined) await strike(patient, trouble, trouble.right);
  await expectHealed(patient, inventory);
  row.cured(isTyped(finding) ? 'yes' : 'no command');
}

/** Types what the finding says, where it says; the program where it is for the place that runs in. */
async function apply({ ward }: Patient, { cures }: Finding, { bend }: Trouble): Promise<string> {
  const inventory = bend === undefined ? ward.inventory : await ward.write(bend);
  for (const { host, commands } of cures) {
    for (const command of commands) {
      if (host !== undefined) await ward.sh(host, command);
      else {
        const [, word = ''] = /^tunorch (up|rekey) \S+ -l \S+$/.exec(command) ?? [];
        expect(word, command).not.toBe('');
        expectAll(await ward.run(word, inventory), 'changed');
      }
    }
  }
  return inventory;
}

/** For half a minute after it was told of an error, the kernel drops a tunnel's first packets (net/ipv4/ip_tunnel.c, IPTUNNEL_ERR_TIMEO). */
async function expectHealed({ ward }: Patient, inventory: string): Promise<void> {
  await expect.poll(async () => (await ward.run('verify', inventory)).status, { timeout: 180_000, interval: 500 }).toBe(0);
}

/** What the cure went round is taken away, and an inventory that was bent is bent back. */
async function leave(patient: Patient, trouble: Trouble): Promise<void> {
  if (trouble.right !== undefined) await strike(patient, trouble, trouble.right);
  if (trouble.bend === undefined) return;
  expectAll(await patient.ward.run('up', patient.ward.inventory), 'changed');
}

/** After a failure nobody knows what the hosts have: they begin anew, for the next test. */
async function orAdmittedAnew(patient: Patient, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    patient.ward = await patient.admit();
    throw error;
  }
}
