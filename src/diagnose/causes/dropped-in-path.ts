import { outerOf } from '../../capture/outer.ts';
import { deviceRise, sentCount, silentWays, type Way } from '../evidence.ts';
import type { Cause, Certainty } from '../finding.ts';
import { cameToReceiver, errorsTold, isUnderlayAlive, leftSender } from '../sightings.ts';
import { wayTo } from '../survey.ts';

/** They leave the one host and never come to the other, and nobody says why. */
export const droppedInPath: Cause = {
  name: 'dropped-in-path',
  title: 'packets lost between the hosts',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const certainty = certaintyOf(way);
      if (certainty === undefined || errorsTold(way).length > 0) return [];
      const { from, to } = way;
      const { words } = outerOf(from);
      const others = isUnderlayAlive(from)
        ? `while pings between ${from.wanted.local} and ${to.wanted.local} pass`
        : 'and neither do pings outside the tunnel';
      return [
        {
          cause: 'dropped-in-path',
          certainty,
          message: `what ${from.wanted.host} sends (${words}) does not come to ${to.wanted.host}, ${others}`,
          evidence: evidenceOf(way),
          cures: [
            {
              words: `Nothing on either host stops it. Let ${words} pass between ${from.wanted.local} and ${to.wanted.local} on what lies between them: a router’s access list, a provider’s or cloud’s firewall.`,
              commands: [],
            },
          ],
        },
      ];
    }),
  canRuleOut: ({ ways }) => ways.every((way) => cameToReceiver(way) !== undefined),
};

/** Without a capture the underlay device tells as much where fewer packets came than were sent. */
function certaintyOf(way: Way): Certainty | undefined {
  const [left, came] = [leftSender(way), cameToReceiver(way)];
  if (came !== undefined) return came.length === 0 && (left?.length ?? 0) > 0 ? 'likely' : undefined;
  const { to, from, atReceiver, atSender } = way;
  const device = wayTo(to.survey, to.wanted.remote)?.device ?? '';
  const isSent = deviceRise(atSender, from.wanted.device, 'txPackets') > 0;
  return isSent && deviceRise(atReceiver, device, 'rxPackets') < sentCount(way) ? 'possible' : undefined;
}

function evidenceOf(way: Way): readonly string[] {
  const left = leftSender(way);
  const came = cameToReceiver(way);
  return [
    left === undefined
      ? `${way.from.wanted.device} sent ${deviceRise(way.atSender, way.from.wanted.device, 'txPackets')} packets`
      : `${left.length} packets left ${way.from.wanted.host}`,
    came === undefined ? `fewer packets of any kind came to ${way.to.wanted.host}` : `${came.length} came to ${way.to.wanted.host}`,
  ];
}
