import { LEAST_IPV6_MTU_BYTES } from '../../modes/sizes.ts';
import { convergence, repair } from '../cures.ts';
import { losesFullSize, type TunnelEvidence, type Way } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { errorsTold } from '../sightings.ts';

/** Small packets cross and large ones do not: the path carries less than the tunnel's MTU needs. */
export const mtuBlackHole: Cause = {
  name: 'mtu-black-hole',
  title: 'an MTU that the path does not carry',
  judge: (evidence) => {
    const ways = evidence.ways.filter(losesFullSize);
    const [first] = ways;
    return first === undefined ? [] : [finding(first, smallest(ways), evidence)];
  },
};

function smallest(ways: readonly Way[]): number | undefined {
  const passing = ways.flatMap(({ passingBytes }) => passingBytes ?? []);
  return passing.length === 0 ? undefined : Math.min(...passing);
}

function finding(way: Way, passingBytes: number | undefined, evidence: TunnelEvidence): Finding {
  const { from, to } = way;
  const { wanted, link } = from;
  const isDrifted = link !== undefined && link.mtuBytes !== wanted.mtuBytes;
  const fits = passingBytes === undefined ? 'less' : `${passingBytes} bytes`;
  const told = errorsTold(way)[0];
  return {
    cause: 'mtu-black-hole',
    host: wanted.host,
    certainty: 'proved',
    message: `packets of ${link?.mtuBytes ?? wanted.mtuBytes} bytes, the MTU of ${wanted.device}, are lost on the way to ${to.wanted.host}; ${fits} pass`,
    evidence: [
      told === undefined ? 'no router said that they were too large' : `${told.from}: ${told.words}`,
      ...evidence.ways.map(
        ({ from: end, echoes }) =>
          `${end.wanted.host}: ${echoes.filter(({ sort }) => sort === 'full-size').reduce((sum, { received }) => sum + received, 0)} full-size packets came back`,
      ),
    ],
    cures: isDrifted
      ? [repair(evidence, from)]
      : [convergence(evidence, `In the inventory, set \`mtu: ${passingBytes ?? LEAST_IPV6_MTU_BYTES}\` for ${evidence.tunnel.name}. Then:`)],
  };
}
