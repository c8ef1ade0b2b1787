import { setting } from '../cures.ts';
import { arrivedInside, type EndEvidence, type Meanwhile, risen, silentWays } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { cameToReceiver } from '../sightings.ts';
import { wayTo } from '../survey.ts';

/** The kernel drops what comes by another device than the way back leads to (ip-sysctl.rst, rp_filter). */
export const reversePathFilter: Cause = {
  name: 'reverse-path-filter',
  title: 'the reverse path filter',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const arrival = cameToReceiver(way)?.find(({ device }) => device !== undefined)?.device;
      return [
        ...judgeEnd(way.to, way.atReceiver, arrivedInside(way) > 0 ? way.to.wanted.device : arrival),
        ...judgeEnd(way.from, way.atSender, way.from.wanted.device),
      ];
    }),
};

function judgeEnd(end: EndEvidence, meanwhile: Meanwhile, arrival: string | undefined): readonly Finding[] {
  const dropped = risen(meanwhile, 'TcpExt.IPReversePathFilter');
  const device = arrival ?? wayTo(end.survey, end.wanted.remote)?.device;
  if (dropped === 0 || device === undefined) return [];
  return [
    {
      cause: 'reverse-path-filter',
      host: end.wanted.host,
      certainty: 'proved',
      message: `its reverse path filter drops what comes by ${device}, since the way back leads elsewhere`,
      evidence: [
        `TcpExt IPReversePathFilter rose by ${dropped}`,
        `rp_filter is ${filterOn(end, 'all')} for all devices and ${filterOn(end, device)} for ${device}; the greater counts`,
        ...end.survey.ways.filter((way) => way.to === end.wanted.remote).map(({ to, words }) => `ip route get ${to}: ${words.split('\n')[0] ?? ''}`),
      ],
      cures: [setting(end, `net/ipv4/conf/${device}/rp_filter`, '2')],
    },
  ];
}

function filterOn({ survey }: EndEvidence, device: string): string {
  return survey.settings.get(`net/ipv4/conf/${device}/rp_filter`) ?? 'unknown';
}
