import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellMatrix } from '../e2e/doctor-matrix.ts';
import { admitted, doctor, expectBothDiagnosed, expectDiagnosed, type Patient, type Trouble } from '../e2e/doctor-trouble.ts';
import { type Namespaces, startNamespaces, whyNoNamespaces } from '../protocol/namespaces.ts';
import { ON_ONE_LINK, WITH_ROUTER } from './doctor-troubles.ts';
import { admit, HOSTS, type Place } from './doctor-ward.ts';

const obstacle = whyNoNamespaces() ?? whyNoDoctor();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: what doctor finds on the kernel of this machine: ${obstacle}\n\n`);

/** Two at once, whose cures are for single hosts: an `up` rolls back what it cannot verify while the other is there. */
const PAIRS: Readonly<Record<Place, readonly (readonly [Trouble, Trouble])[]>> = {
  'one link': [
    [ON_ONE_LINK.vni, ON_ONE_LINK.outside],
    [ON_ONE_LINK.remote, ON_ONE_LINK.echo],
    [ON_ONE_LINK.down, ON_ONE_LINK.conflict],
    [ON_ONE_LINK.recursive, ON_ONE_LINK.inside],
    [ON_ONE_LINK.underlayDown, ON_ONE_LINK.addressMissing],
    [ON_ONE_LINK.routeMissing, ON_ONE_LINK.forwarding],
  ],
  'a router': [
    [WITH_ROUTER.noRoute, WITH_ROUTER.ttl],
    [WITH_ROUTER.elsewhere, WITH_ROUTER.filtered],
  ],
};

/** Doctor sees less without them, and nothing could be made wrong. */
function whyNoDoctor(): string | undefined {
  const missing = ['nft', 'tcpdump'].filter((name) => !['/usr/sbin', '/usr/bin', '/sbin'].some((folder) => existsSync(`${folder}/${name}`)));
  return missing.length === 0 ? undefined : `there is no ${missing.join(' and no ')}`;
}

let hosts: Namespaces;

describe.skipIf(obstacle !== undefined)('what doctor finds on the kernel of this machine', () => {
  beforeAll(async () => {
    hosts = await startNamespaces(HOSTS);
  });
  afterAll(async () => {
    hosts?.stop();
    await tellMatrix();
  });

  describe.each<{ readonly place: Place; readonly troubles: Readonly<Record<string, Trouble>> }>([
    { place: 'one link', troubles: ON_ONE_LINK },
    { place: 'a router', troubles: WITH_ROUTER },
  ])('with $place between two hosts', ({ place, troubles }) => {
    let patient: Patient;
    beforeAll(async () => {
      patient = await admitted(() => admit(hosts, place));
    });

    it('is nothing where nothing is wrong', async () => {
      expect(await doctor(patient)).toMatchObject({ isHealthy: true, findings: [], remarks: [] });
    });

    it.each(Object.values(troubles))('is $title, cured by what is told', (trouble) => expectDiagnosed(patient, trouble));

    it.runIf(place === 'a router')('is nothing where packets take another way back, and that is remarked', async () => {
      await patient.ward.sh('host-b', 'ip route add 10.10.10.2/32 via 192.168.1.10');
      const told = await doctor(patient);
      await patient.ward.sh('host-b', 'ip route delete 10.10.10.2/32');
      expect(told).toMatchObject({ isHealthy: true, findings: [] });
      expect(told.remarks).toEqual([
        'host-b: what host-a sends comes by eth2, and is answered by eth1',
        'host-a: what host-b sends comes by eth1, and is answered by eth2',
      ]);
    });

    const pairs = PAIRS[place].map((pair) => ({ title: pair.map(({ title }) => title).join(', and '), pair }));
    it.each(pairs)('is $title, one after the other', ({ pair }) => expectBothDiagnosed(patient, pair));
  });
});
