import { convergence } from '../cures.ts';
import type { EndEvidence, TunnelEvidence } from '../evidence.ts';
import type { Cause, Cure, Finding } from '../finding.ts';
import { coveringRoutes, routeRemoval } from '../routes.ts';
import { wayTo } from '../survey.ts';

/** The host has no way to the peer's outer address, or not from its own. */
export const noRouteToPeer: Cause = {
  name: 'no-route-to-peer',
  title: 'no route to the peer’s outer address',
  judge: (evidence) => evidence.ends.flatMap((end) => judgeEnd(end, evidence)),
};

function judgeEnd(end: EndEvidence, evidence: TunnelEvidence): readonly Finding[] {
  const { host, local, remote, peerHost } = end.wanted;
  const owner = end.observed.links.find(({ addresses }) => addresses.some(({ address }) => address === local));
  if (owner === undefined) return [lacksLocal(end, evidence)];
  const way = wayTo(end.survey, remote);
  if (!owner.isUp || way === undefined || way.device !== undefined) return [];
  const message = `there is no route to ${remote}, the outer address of ${peerHost}, from ${local}`;
  return [
    { cause: 'no-route-to-peer', host, certainty: 'proved', message, evidence: [`ip route get ${remote}: ${way.words}`], cures: [cureFor(end)] },
  ];
}

function lacksLocal({ wanted, observed }: EndEvidence, evidence: TunnelEvidence): Finding {
  const { host, local } = wanted;
  const addresses = observed.links.flatMap((link) => link.addresses.map(({ address }) => `${address} on ${link.device}`));
  return {
    cause: 'no-route-to-peer',
    host,
    certainty: 'proved',
    message: `no link has ${local}, the outer address of this end`,
    evidence: [`it has ${addresses.join(', ')}`],
    cures: [convergence(evidence, 'Give the address back to its link, or write the right one as `local` in the inventory:')],
  };
}

/** Somebody may have forbidden it by a route of its own (ip-route(8), TYPE); else only the network's owner knows the gateway. */
function cureFor(end: EndEvidence): Cure {
  const { host, remote } = end.wanted;
  const forbidding = coveringRoutes(end, remote).find(({ type }) => ['unreachable', 'blackhole', 'prohibit'].includes(type));
  if (forbidding === undefined)
    return {
      host,
      words: `Add the route to ${remote} by the gateway of this network, such as \`ip route add ${remote} via GATEWAY\`.`,
      commands: [],
    };
  return { host, commands: [routeRemoval(forbidding)] };
}
