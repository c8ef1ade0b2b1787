import { outerOf } from '../../capture/outer.ts';
import { forgetCommand } from '../cures.ts';
import { type EndEvidence, type Meanwhile, silentWays, type TunnelEvidence } from '../evidence.ts';
import type { Cause, Finding } from '../finding.ts';
import { stopWords } from '../firewall/allow.ts';
import { type Chain, type Rule, ruleKey } from '../firewall/ruleset.ts';
import { translatingRules, translationsOn } from '../translations.ts';

/** The connection tracker goes by what was once: it translates by a rule that is gone, or holds packets for INVALID that a rule then drops. */
export const connectionStale: Cause = {
  name: 'connection-stale',
  title: 'a stale entry of the connection tracker',
  judge: (evidence) => (silentWays(evidence).length === 0 ? [] : [...evidence.ends.flatMap(outlived), ...invalid(evidence)]),
  canRuleOut: ({ ends }) => ends.every(({ look }) => look.firewall.isReadable),
};

/** Packets that keep coming keep the entry, so it never ends by itself. */
function outlived(end: EndEvidence): readonly Finding[] {
  if (!end.look.firewall.isReadable || translatingRules(end).length > 0) return [];
  return translationsOn(end).map(({ line, protocol, from, to, instead }) => ({
    cause: 'connection-stale',
    host: end.wanted.host,
    certainty: 'proved',
    message: `its connection tracker puts ${instead} into the tunnel’s packets, by a rule that is not there any more`,
    evidence: [line],
    cures: [{ host: end.wanted.host, commands: [forgetCommand({ protocol, from, to })] }],
  }));
}

function invalid(evidence: TunnelEvidence): readonly Finding[] {
  return silentWays(evidence).flatMap((way) =>
    [
      { end: way.to, meanwhile: way.atReceiver },
      { end: way.from, meanwhile: way.atSender },
    ].flatMap(({ end, meanwhile }) =>
      invalidRules(meanwhile).map(({ chain, rule, taken }) => ({
        cause: 'connection-stale' as const,
        host: end.wanted.host,
        certainty: 'likely' as const,
        message: `its connection tracker takes the tunnel’s packets for INVALID, and ${stopWords({ chain, rule, verdict: 'drop', isCertain: true })} drops those`,
        evidence: [`the rule took ${taken} packets meanwhile`, ...end.look.connections.filter((line) => isOurs(line, end)).slice(0, 3)],
        cures: [{ host: end.wanted.host, commands: outerOf(end).protocols.map((protocol) => forgetCommand({ protocol, from: end.wanted.remote })) }],
      })),
    ),
  );
}

function invalidRules({ before, after }: Meanwhile): readonly { readonly chain: Chain; readonly rule: Rule; readonly taken: number }[] {
  const earlier = new Map(before.firewall.chains.flatMap((chain) => chain.rules.map((rule) => [ruleKey(chain, rule), rule.packets ?? 0])));
  return after.firewall.chains.flatMap((chain) =>
    chain.rules.flatMap((rule) => {
      const isInvalid = rule.matches.some((match) => match.kind === 'state' && match.isNegated !== true && match.states.includes('invalid'));
      const taken = (rule.packets ?? 0) - (earlier.get(ruleKey(chain, rule)) ?? 0);
      return isInvalid && rule.verdict.kind === 'drop' && taken > 0 ? [{ chain, rule, taken }] : [];
    }),
  );
}

function isOurs(line: string, { wanted }: EndEvidence): boolean {
  return line.includes(`src=${wanted.remote} `) || line.includes(`dst=${wanted.remote} `);
}
