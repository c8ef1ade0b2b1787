import { type EndEvidence, isSilent, type TunnelEvidence } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { coveringRoutes, routeRemoval } from '../routes.ts';
import { wayTo } from '../survey.ts';

/** What is meant for the peer leaves by another device, and so do the answers to what it sends. */
export const routeElsewhere: Cause = {
  name: 'route-elsewhere',
  title: 'a route that leads past the tunnel',
  judge: (evidence) => (evidence.ways.some(isSilent) ? evidence.ends.flatMap((end) => judgeEnd(end, evidence)) : []),
};

function judgeEnd(end: EndEvidence, { ends }: TunnelEvidence): readonly Finding[] {
  const { host, device } = end.wanted;
  const peer = ends.find((one) => one !== end);
  if (end.link?.isUp !== true || end.link.settings?.vrf !== undefined) return [];
  return (peer?.wanted.addresses ?? []).flatMap(({ address }) => {
    const way = wayTo(end.survey, address);
    if (way?.device === undefined || way.device === device || way.words.startsWith('local ')) return [];
    const guilty = coveringRoutes(end, address).find((route) => route.device === way.device);
    return [
      {
        cause: 'route-elsewhere' as const,
        host,
        certainty: 'proved' as const,
        message: `the route to ${address}, the peer’s inner address, leads into ${way.device} in place of ${device}${guilty === undefined ? '' : `: ${guilty.to}`}`,
        evidence: [`ip route get ${address}: ${way.words.split('\n')[0] ?? ''}`],
        cures: guilty === undefined ? [] : [{ host, commands: [routeRemoval(guilty)] }],
      },
    ];
  });
}
