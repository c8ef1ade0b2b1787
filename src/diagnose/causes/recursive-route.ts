import { deviceRise, type EndEvidence, type TunnelEvidence } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { coveringRoutes, routeRemoval } from '../routes.ts';
import { wayTo } from '../survey.ts';

/** The tunnel's own packets would go into the tunnel. */
export const recursiveRoute: Cause = {
  name: 'recursive-route',
  title: 'a route that leads the tunnel into itself',
  judge: (evidence) => evidence.ends.flatMap((end) => judgeEnd(end, evidence)),
};

function judgeEnd(end: EndEvidence, { ways }: TunnelEvidence): readonly Finding[] {
  const { host, device, remote, peerHost } = end.wanted;
  if (wayTo(end.survey, remote)?.device !== device) return [];
  const guilty = coveringRoutes(end, remote).find((route) => route.device === device);
  const looped = ways.filter(({ from }) => from.wanted.host === host).reduce((sum, way) => sum + deviceRise(way.atSender, device, 'txCollisions'), 0);
  return [
    {
      cause: 'recursive-route',
      host,
      certainty: 'proved',
      message: `the route to ${remote}, the outer address of ${peerHost}, leads into ${device} itself${guilty === undefined ? '' : `: ${guilty.to}`}`,
      evidence: [`${device} refused ${looped} packets that would have gone into it again`],
      cures: guilty === undefined ? [] : [{ host, commands: [routeRemoval(guilty)] }],
    },
  ];
}
