import { convergence, repair } from '../cures.ts';
import { differencesIn } from '../differences.ts';
import { risen, silentWays, type TunnelEvidence, type Way } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { errorsTold } from '../sightings.ts';

/** The outer packets do not live long enough to reach the peer. */
export const ttlTooSmall: Cause = {
  name: 'ttl-too-small',
  title: 'a ttl that is too small',
  judge: (evidence) => silentWays(evidence).flatMap((way) => judgeWay(way, evidence)),
};

function judgeWay(way: Way, evidence: TunnelEvidence): readonly Finding[] {
  const { from, to, atSender } = way;
  const told = errorsTold(way).filter(({ words }) => words.includes('time exceeded'));
  const counted = risen(atSender, 'Icmp.InTimeExcds') + risen(atSender, 'Icmp6InTimeExcds');
  if (told.length === 0 && counted === 0) return [];
  const ttl = from.link?.attributes.ttl ?? 'unknown';
  const isDrifted = differencesIn(from, ['ttl']).length > 0;
  return [
    {
      cause: 'ttl-too-small',
      host: from.wanted.host,
      certainty: told.length > 0 ? 'proved' : 'likely',
      message: `${from.wanted.device} sends with ttl ${ttl}, and that does not last to ${to.wanted.host}`,
      evidence: [told[0] === undefined ? `${counted} times a router told that the time of a packet was over` : `${told[0].from}: ${told[0].words}`],
      cures: [isDrifted ? repair(evidence, from) : convergence(evidence, 'In the inventory, set `ttl: 64` or more. Then:')],
    },
  ];
}
