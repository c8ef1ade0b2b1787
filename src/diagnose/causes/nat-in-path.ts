import { outerOf } from '../../capture/outer.ts';
import { convergence, forgetCommand } from '../cures.ts';
import { silentWays, type TunnelEvidence, type Way } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { allowCommand, stopWords } from '../firewall/allow.ts';
import { cameToReceiver } from '../sightings.ts';
import { translatingRules, translationsOn } from '../translations.ts';

/** The receiver sees another source than the sender has, and so takes the packets for somebody else's. */
export const natInPath: Cause = {
  name: 'nat-in-path',
  title: 'addresses translated on the way',
  judge: (evidence) => silentWays(evidence).flatMap((way) => (translationsOn(way.from).length > 0 ? ownRules(way) : inPath(way, evidence))),
  canRuleOut: ({ ways }) => ways.every((way) => cameToReceiver(way) !== undefined),
};

function inPath(way: Way, evidence: TunnelEvidence): readonly Finding[] {
  const { from, to } = way;
  const seen = translatedSource(way);
  if (seen === undefined) return [];
  return [
    {
      cause: 'nat-in-path',
      certainty: 'proved',
      message: `${to.wanted.host} sees ${seen} as the source of what ${from.wanted.host} sends (${outerOf(from).words}), and expects ${to.wanted.remote}`,
      evidence: [`${from.wanted.host} sends from ${from.wanted.local}; something between the hosts puts ${seen} in its place`],
      cures: [
        convergence(
          evidence,
          `In the inventory, give the endpoint of ${from.wanted.host} \`public: ${seen}\`; with many hosts behind that address, only UDP can be told apart. Then:`,
        ),
      ],
    },
  ];
}

/** The sender's own firewall does it: a rule for what it passes on, which the tunnel's packets meet as well. Where that is gone, the entry is stale. */
function ownRules({ from, to }: Way): readonly Finding[] {
  const [translation] = translationsOn(from);
  if (translation === undefined) return [];
  const { line, protocol, instead } = translation;
  const packet = { protocol, from: from.wanted.local, to: to.wanted.local };
  return translatingRules(from).map((place) => {
    const stop = { ...place, verdict: 'drop', isCertain: true } as const;
    const exemption = allowCommand(stop, packet, { hook: 'postrouting', state: 'new' });
    return {
      cause: 'nat-in-path',
      host: from.wanted.host,
      certainty: 'proved',
      message: `it puts ${instead} in place of its own address in the tunnel’s packets: ${stopWords(stop)}`,
      evidence: [line],
      cures: [{ host: from.wanted.host, commands: [exemption, forgetCommand(packet)] }],
    };
  });
}

function translatedSource(way: Way): string | undefined {
  const { protocols, port } = outerOf(way.from);
  const came = (cameToReceiver(way) ?? []).filter(({ words }) => isOuter(words, protocols, port));
  return came.some((packet) => packet.from === way.to.wanted.remote) ? undefined : came[0]?.from;
}

/** How tcpdump begins what a tunnel carries. */
function isOuter(words: string, protocols: readonly number[], port: number | undefined): boolean {
  if (port !== undefined) return /^(?:UDP|VXLAN|OTV|GUE)/.test(words);
  return (protocols.includes(47) && words.startsWith('GREv')) || (protocols.includes(50) && words.startsWith('ESP')) || /^IP6? /.test(words);
}
