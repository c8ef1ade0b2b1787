import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellMatrix } from '../e2e/doctor-matrix.ts';
import { doctor, expectDiagnosed, type Patient, type Trouble } from '../e2e/doctor-trouble.ts';
import { healthyPatient } from '../e2e/doctor-ward.ts';
import { WITH_IPSEC, WITH_NETWORKS, WITH_ROUTER } from './troubles-on-paths.ts';

afterAll(tellMatrix);

describe('two hosts with a router between them', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('routed-ipip');
  });

  it('are healthy with ipip', async () => {
    expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [], remarks: [] });
  });

  it.each<Trouble>(Object.values(WITH_ROUTER))('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
});

describe('two routers with networks behind them', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('site-to-site', (draft) => {
      draft.tunnels.gre1.seq = true;
    });
  });

  it.each(Object.values(WITH_NETWORKS))('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
});

describe('two routers with IPsec', () => {
  let patient: Patient;
  beforeAll(async () => {
    patient = await healthyPatient('ipsec');
  });

  it.each(Object.values(WITH_IPSEC))('$title: is told, and cured by what is told', (trouble) => expectDiagnosed(patient, trouble));
});
