import { outerOf } from '../../capture/outer.ts';
import { silentWays } from '../evidence.ts';
import type { Cause } from '../finding.ts';
import { errorsTold } from '../sightings.ts';

/** A router between the hosts says that it does not pass the packets on (RFC 1812 section 5.2.7). */
export const refusedInPath: Cause = {
  name: 'refused-in-path',
  title: 'a router that refuses the packets',
  judge: (evidence) =>
    silentWays(evidence).flatMap((way) => {
      const { from, to } = way;
      const told = errorsTold(way).filter(
        (packet) => packet.from !== to.wanted.local && packet.from !== from.wanted.local && !/time exceeded/.test(packet.words),
      );
      const [first] = told;
      if (first === undefined) return [];
      const { words } = outerOf(from);
      const told1 = first.words.replace(/, length \d+$/, '');
      return [
        {
          cause: 'refused-in-path',
          certainty: 'proved',
          message: `${first.from}, between the hosts, refuses what ${from.wanted.host} sends to ${to.wanted.host} (${words}): «${told1}»`,
          evidence: [`${from.wanted.host} was told so ${told.length} times`],
          cures: [
            {
              words: `On ${first.from}, let ${words} pass from ${from.wanted.local} to ${to.wanted.local}, and back; or look at its routes.`,
              commands: [],
            },
          ],
        },
      ];
    }),
  canRuleOut: ({ ways }) => ways.every(({ atSender }) => atSender.packets !== undefined),
};
