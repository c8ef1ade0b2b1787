import { type EndEvidence, isSilent, risen, type TunnelEvidence, type Way } from '../evidence.ts';
import type { Cause, Certainty, Cure } from '../finding.ts';
import { coveringRoutes, routeRemoval } from '../routes.ts';
import { cameToReceiver, isUnderlayAlive, leftSender } from '../sightings.ts';
import { wayTo } from '../survey.ts';

/**
 * A host answers by another link than what it answers came by.
 *
 * The network may well carry that, so by itself it is only a remark; but a reverse path filter on the host, or a stateful
 * firewall in the path that sees one half only, drops it.
 */
export const asymmetricPath: Cause = {
  name: 'asymmetric-path',
  title: 'a path that is another one back',
  judge: (evidence) =>
    detoursOf(evidence)
      .filter(({ isDeadly }) => isDeadly)
      .map((detour) => ({
        cause: 'asymmetric-path' as const,
        host: detour.end.wanted.host,
        certainty: detour.certainty,
        message: `${words(detour)}: a firewall on either path sees one half only`,
        evidence: [`ip route get ${detour.end.wanted.remote}: ${detour.route}`, ...detour.losses],
        cures: [cureFor(detour, evidence)],
      })),
  remark: (evidence) =>
    detoursOf(evidence)
      .filter(({ isDeadly }) => !isDeadly)
      .map((detour) => `${detour.end.wanted.host}: ${words(detour)}`),
  canRuleOut: ({ ways }) => ways.every((way) => cameToReceiver(way) !== undefined),
};

interface Detour {
  readonly end: EndEvidence;
  /** The link the peer's packets come by, and the one they are answered by. */
  readonly arrival: string;
  readonly departure: string;
  readonly route: string;
  readonly losses: readonly string[];
  readonly isDeadly: boolean;
  readonly certainty: Certainty;
}

function detoursOf({ ways: [going, coming] }: TunnelEvidence): readonly Detour[] {
  return [...detourBehind(going, coming), ...detourBehind(coming, going)];
}

/** A packet is captured on each layer it comes through, such as a port and its bridge: any of them may be what the route names. */
function detourBehind(way: Way, back: Way): readonly Detour[] {
  const arrivals = (cameToReceiver(way) ?? []).flatMap(({ device }) => device ?? []);
  const answer = wayTo(way.to.survey, way.to.wanted.remote);
  const [arrival] = arrivals;
  if (arrival === undefined || answer?.device === undefined || arrivals.includes(answer.device)) return [];
  const losses = lossesOn(way, back);
  const isDeadly = losses.length > 0 && (isSilent(way) || isSilent(back));
  const route = answer.words.split('\n')[0] ?? '';
  return [{ end: way.to, arrival, departure: answer.device, route, losses, isDeadly, certainty: certaintyOf(way) }];
}

/** Where pings pass by both paths, something there is against the tunnel's packets rather than against halves. */
function certaintyOf({ to, atReceiver }: Way): Certainty {
  return risen(atReceiver, 'TcpExt.IPReversePathFilter') > 0 || !isUnderlayAlive(to) ? 'likely' : 'possible';
}

function lossesOn(way: Way, back: Way): readonly string[] {
  const filtered = risen(way.atReceiver, 'TcpExt.IPReversePathFilter');
  const [left, came] = [leftSender(back)?.length ?? 0, cameToReceiver(back)?.length];
  return [
    ...(filtered === 0 ? [] : [`its reverse path filter dropped ${filtered} packets`]),
    ...(left === 0 || came !== 0 ? [] : [`${left} packets left it for ${back.to.wanted.host}, and none came there`]),
  ];
}

function words({ end, arrival, departure }: Detour): string {
  return `what ${end.wanted.peerHost} sends comes by ${arrival}, and is answered by ${departure}`;
}

/** A route that leads past another one is in its way: on the host that answers, or on the peer, whose packets then go as the answers come. */
function cureFor({ end, arrival, departure }: Detour, { ends }: TunnelEvidence): Cure {
  const { host, remote } = end.wanted;
  const [own, next] = coveringRoutes(end, remote);
  if (own?.device === departure && next?.device === arrival) return { host, commands: [routeRemoval(own)] };
  const peer = ends.find((one) => one !== end);
  const [far, farther] = peer === undefined ? [] : coveringRoutes(peer, peer.wanted.remote);
  if (peer !== undefined && far !== undefined && farther !== undefined && far.device !== farther.device) {
    return { host: peer.wanted.host, commands: [routeRemoval(far)] };
  }
  return { host, words: `Route ${remote} by ${arrival}, such as \`ip route replace ${remote} via GATEWAY dev ${arrival}\`.`, commands: [] };
}
