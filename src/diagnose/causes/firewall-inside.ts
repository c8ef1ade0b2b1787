import type { IpAddress } from '../../domain/address.ts';
import { familyOf } from '../../domain/address.ts';
import { type Block, blocksOn, distinct, type Passage } from '../blocked.ts';
import { arrivedInside, type EndEvidence, silentWays, type Way } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import type { Packet } from '../firewall/walk.ts';
import { innerPacket } from '../outer-packet.ts';
import { journey } from '../sightings.ts';

/** What comes out of the tunnel is stopped by a firewall; often echo requests only, while the rest passes. */
export const firewallInside: Cause = {
  name: 'firewall-inside',
  title: 'a firewall behind the tunnel',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const blocks = distinct(passagesOf(way).flatMap(blocksOn));
      return [...new Set(blocks.map(({ host }) => host))].map((host) =>
        findingOn(
          host,
          blocks.filter((block) => block.host === host),
          way,
        ),
      );
    }),
  canRuleOut: ({ ends }) => ends.every(({ look }) => look.firewall.isReadable),
};

function passagesOf(way: Way): readonly Passage[] {
  const { from, to, atSender, atReceiver } = way;
  return silentTargets(way).flatMap((target) => {
    const own = sourceFor(from, target);
    if (own === undefined) return [];
    const request = { ...innerPacket(own, target), icmp: 'request' } as const satisfies Packet;
    const reply = { ...innerPacket(target, own), icmp: 'reply' } as const satisfies Packet;
    const leaving = passages({ end: from, packet: request, meanwhile: atSender }, ['output', 'postrouting'], 'new');
    if (arrivedInside(way) === 0) return leaving;
    return [
      ...leaving,
      ...passages({ end: to, packet: request, meanwhile: atReceiver }, ['prerouting', 'input'], 'new'),
      ...passages({ end: to, packet: reply, meanwhile: atReceiver }, ['output', 'postrouting'], 'established'),
      ...passages({ end: from, packet: reply, meanwhile: atSender }, ['prerouting', 'input'], 'established'),
    ];
  });
}

function passages(
  passage: Omit<Passage, 'meeting'>,
  hooks: readonly Passage['meeting']['hook'][],
  state: Passage['meeting']['state'],
): readonly Passage[] {
  return hooks.map((hook) => ({ ...passage, meeting: { hook, device: passage.end.wanted.device, state } }));
}

function silentTargets({ echoes }: Way): readonly IpAddress[] {
  return echoes.filter(({ sort, received }) => sort === 'echo' && received === 0).map(({ target }) => target);
}

function sourceFor({ wanted }: EndEvidence, target: IpAddress): IpAddress | undefined {
  return wanted.addresses.find(({ address }) => familyOf(address) === familyOf(target))?.address;
}

function findingOn(host: string, blocks: readonly Block[], way: Way): Finding {
  const device = (host === way.from.wanted.host ? way.from : way.to).wanted.device;
  return {
    cause: 'firewall-inside',
    host,
    certainty: blocks.some(({ stop, taken }) => stop.isCertain || (taken ?? 0) > 0) ? 'proved' : 'likely',
    message: `its firewall stops echo requests or replies that go through ${device}: ${blocks.map(({ words }) => words).join(' and ')}`,
    evidence: [
      ...blocks.flatMap(({ words, taken }) => (taken === undefined ? [] : [`${words} took ${taken} packets meanwhile`])),
      journey(way, arrivedInside(way)),
    ],
    cures: [{ host, commands: blocks.map(({ cure }) => cure) }],
  };
}
