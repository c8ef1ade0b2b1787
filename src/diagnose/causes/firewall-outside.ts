import { outerOf } from '../../capture/outer.ts';
import { type Block, blocksOn, distinct, type Passage } from '../blocked.ts';
import { arrivedInside, type EndEvidence, silentWays, type Way } from '../evidence.ts';
import type { Cause, Certainty, Finding } from '../finding.ts';
import type { Packet } from '../firewall/walk.ts';
import { outerPackets } from '../outer-packet.ts';
import { cameToReceiver, journey, leftSender } from '../sightings.ts';
import { wayTo } from '../survey.ts';

/** A firewall on one of the two hosts stops the tunnel's packets. */
export const firewallOutside: Cause = {
  name: 'firewall-outside',
  title: 'a firewall on either host',
  judge: (evidence) => {
    const found = silentWays(evidence).flatMap((way) => blocksOnWay(way).map((block) => ({ block, way })));
    const blocks = distinct(found.map(({ block }) => block));
    const hosts = [...new Set(blocks.map(({ host }) => host))];
    return hosts.map((host) => {
      const way = found.find(({ block }) => block.host === host)?.way;
      return findingOn(
        host,
        blocks.filter((block) => block.host === host),
        way,
      );
    });
  },
  canRuleOut: ({ ends }) => ends.every(({ look }) => look.firewall.isReadable),
};

/** What goes there may be stopped as it leaves and as it comes; and so may the answer. */
function blocksOnWay(way: Way): readonly Block[] {
  const { from, to } = way;
  const hasLeft = leftSender(way);
  const hasCome = cameToReceiver(way);
  const leaving = hasLeft === undefined || hasLeft.length === 0 ? passages(way, { end: from, peer: to, hook: 'output', state: 'new' }) : [];
  const coming = hasCome === undefined || hasCome.length > 0 ? passages(way, { end: to, peer: from, hook: 'input', state: 'new' }) : [];
  const blocks = [...leaving, ...coming].flatMap(blocksOn);
  if (blocks.length > 0) return blocks;
  const answers = [
    ...passages(way, { end: to, peer: from, hook: 'output', state: 'established' }),
    ...passages(way, { end: from, peer: to, hook: 'input', state: 'established' }),
  ];
  return arrivedInside(way) > 0 ? answers.flatMap(blocksOn) : [];
}

interface Side {
  readonly end: EndEvidence;
  readonly peer: EndEvidence;
  readonly hook: 'input' | 'output';
  readonly state: 'new' | 'established';
}

function passages({ from, atSender, atReceiver }: Way, { end, peer, hook, state }: Side): readonly Passage[] {
  const meanwhile = end === from ? atSender : atReceiver;
  const device = wayTo(end.survey, end.wanted.remote)?.device;
  const place = { state, ...(device === undefined ? {} : { device }) };
  const hooks = hook === 'input' ? (['ingress', 'prerouting', 'input'] as const) : (['output', 'postrouting'] as const);
  const packets: readonly Packet[] = hook === 'input' ? outerPackets(peer, end) : outerPackets(end, peer);
  return packets.flatMap((packet) => hooks.map((one) => ({ end, packet, meeting: { hook: one, ...place }, meanwhile })));
}

function findingOn(host: string, blocks: readonly Block[], way: Way | undefined): Finding {
  const [first] = blocks;
  const verb = first?.stop.verdict === 'reject' ? 'rejects' : 'drops';
  const outer = way === undefined ? '' : outerOf(way.from).words;
  const words = blocks.map((block) => block.words).join(' and ');
  return {
    cause: 'firewall-outside',
    host,
    certainty: certaintyOf(blocks),
    message: `its firewall ${verb} the tunnel’s packets (${outer}): ${words}`,
    evidence: [...blocks.flatMap(takenWords), ...(way === undefined ? [] : [journey(way, arrivedInside(way))])],
    cures: [{ host, commands: blocks.map(({ cure }) => cure) }],
  };
}

function certaintyOf(blocks: readonly Block[]): Certainty {
  return blocks.some(({ stop, taken }) => stop.isCertain || (taken ?? 0) > 0) ? 'proved' : 'likely';
}

function takenWords({ taken, words }: Block): readonly string[] {
  return taken === undefined ? [] : [`${words} took ${taken} packets meanwhile`];
}
