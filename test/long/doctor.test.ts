import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { tellMatrix } from '../e2e/doctor-matrix.ts';
import { expectDiagnosed, guard, NO_GUARD, type Patient } from '../e2e/doctor-trouble.ts';
import { healthyPatient } from '../e2e/doctor-ward.ts';
import { eventsOf, tunorch } from '../e2e/scenario-program.ts';
import { stageExample } from '../e2e/scenario-stage.ts';
import { ON_ONE_LINK } from './troubles-on-one-link.ts';

afterAll(tellMatrix);

describe('two hosts in one subnet', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('same-subnet');
  });

  it.each(Object.values(ON_ONE_LINK))('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
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
