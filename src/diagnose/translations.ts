import { outerOf } from '../capture/outer.ts';
import type { IpAddress } from '../domain/address.ts';
import type { EndEvidence } from './evidence.ts';
import type { Chain, Rule } from './firewall/ruleset.ts';
import { mayMeet } from './firewall/walk.ts';
import { wayTo } from './survey.ts';

/** An entry of a host's own connection tracker by which it gives the tunnel's packets another address. */
export interface Translation {
  /** As /proc/net/nf_conntrack has it. */
  readonly line: string;
  readonly protocol: number;
  /** Of the packet that made the entry. */
  readonly from: IpAddress;
  readonly to: IpAddress;
  /** What the host puts in place of one of them. */
  readonly instead: IpAddress;
}

const ENTRY = /^\S+ +\d+ +\S+ +(\d+) .*?src=(\S+) dst=(\S+) .*?src=(\S+) dst=(\S+)/;

/** Answers come from where the packet went and to where it came from, unless something was translated. */
export function translationsOn(end: EndEvidence): readonly Translation[] {
  const { local, remote } = end.wanted;
  const { protocols } = outerOf(end);
  return end.look.connections.flatMap((line) => {
    const [, protocol, from = '', to = '', answerFrom = '', answerTo = ''] = ENTRY.exec(line) ?? [];
    const isOurs = protocols.includes(Number(protocol)) && ((from === local && to === remote) || (from === remote && to === local));
    if (!isOurs || (answerFrom === to && answerTo === from)) return [];
    return [{ line, protocol: Number(protocol), from, to, instead: answerTo === from ? answerFrom : answerTo }];
  });
}

const TRANSLATES = /(?:^| )(?:masquerade|[sd]nat|redirect|-j (?:MASQUERADE|[SD]NAT|REDIRECT|NETMAP))(?: |$)/;

/** Rules that translate what the host sends through the tunnel's path; an entry outlives its rule. */
export function translatingRules(end: EndEvidence): readonly { readonly chain: Chain; readonly rule: Rule }[] {
  const { look, wanted, survey } = end;
  const ruleset = look.firewall;
  const device = wayTo(survey, wanted.remote)?.device;
  const meeting = { hook: 'postrouting', state: 'new', ...(device === undefined ? {} : { device }) } as const;
  const packets = outerOf(end).protocols.map((protocol) => ({ protocol, from: wanted.local, to: wanted.remote }));
  return ruleset.chains.flatMap((chain) =>
    chain.rules
      .filter((rule) => TRANSLATES.test(rule.text) && packets.some((packet) => mayMeet(rule, chain, { ruleset, packet, meeting })))
      .map((rule) => ({ chain, rule })),
  );
}
