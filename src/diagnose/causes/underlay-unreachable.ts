import { quoteAll } from '../../shell/quote.ts';
import type { EndEvidence } from '../evidence.ts';
import { silentWays } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { cameToReceiver, isUnderlayAlive } from '../sightings.ts';
import { wayTo } from '../survey.ts';

/** The hosts do not reach each other outside the tunnel either. */
export const underlayUnreachable: Cause = {
  name: 'underlay-unreachable',
  title: 'hosts that do not reach each other',
  judge(evidence) {
    const down = evidence.ends.flatMap(linkDown);
    if (down.length > 0) return down;
    return silentWays(evidence).flatMap((way) => {
      const came = cameToReceiver(way);
      return isUnderlayAlive(way.from) || (came !== undefined && came.length > 0) ? [] : silentNextHop(way.from);
    });
  },
};

/** The link that has the outer address is switched off. */
function linkDown({ wanted, observed }: EndEvidence): readonly Finding[] {
  const link = observed.links.find(({ addresses }) => addresses.some(({ address }) => address === wanted.local));
  if (link === undefined || link.isUp) return [];
  const { host, local } = wanted;
  const message = `${link.device}, which has the outer address ${local}, is down`;
  const cures = [{ host, commands: [quoteAll(['ip', 'link', 'set', 'dev', link.device, 'up'])] }];
  return [{ cause: 'underlay-unreachable', host, certainty: 'proved', message, evidence: [], cures }];
}

/** Nobody answers to the address the packets are handed to (ip-neighbour(8)). */
function silentNextHop({ wanted, survey }: EndEvidence): readonly Finding[] {
  const { host, remote, peerHost } = wanted;
  const way = wayTo(survey, remote);
  if (way?.device === undefined) return [];
  const next = way.gateway ?? remote;
  const silent = survey.neighbours.find((line) => line.startsWith(`${next} dev ${way.device} `) && /(FAILED|INCOMPLETE)$/.test(line.trim()));
  if (silent === undefined) return [];
  const who = next === remote ? peerHost : 'the gateway';
  return [
    {
      cause: 'underlay-unreachable',
      host,
      certainty: 'likely',
      message: `${who} (${next}) does not answer on ${way.device}, so no packet of any kind reaches ${peerHost}`,
      evidence: [`ip neighbour: ${silent.trim()}`, `ping ${remote}: ${survey.underlay.received} of ${survey.underlay.sent} came back`],
      cures: [
        {
          words: `Look at the cable, the switch port and the VLAN between ${host} (${way.device}) and ${who}, and whether ${who} is up.`,
          commands: [],
        },
      ],
    },
  ];
}
