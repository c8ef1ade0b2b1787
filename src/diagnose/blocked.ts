import type { EndEvidence, Meanwhile } from './evidence.ts';
import { allowCommand, stopWords } from './firewall/allow.ts';
import { type Chain, type Rule, type Ruleset, ruleKey } from './firewall/ruleset.ts';
import { type Meeting, type Packet, type Stop, stopsOf } from './firewall/walk.ts';

/** A packet on its way through one host's firewall, and what that counted meanwhile. */
export interface Passage {
  readonly end: EndEvidence;
  readonly packet: Packet;
  readonly meeting: Meeting;
  readonly meanwhile: Meanwhile;
}

/** A rule or policy that stops a tunnel's packets on a host. */
export interface Block {
  readonly host: string;
  readonly stop: Stop;
  /** «the rule «meta l4proto gre drop» (nft inet filter input, handle 4)». */
  readonly words: string;
  /** Packets it took while the probes were sent; undefined where it does not count. */
  readonly taken: number | undefined;
  readonly cure: string;
}

/** What stops a packet there: what is certain, or not certain but counted packets; what counts and took none is innocent. */
export function blocksOn({ end, packet, meeting, meanwhile }: Passage): readonly Block[] {
  const found = stopsOf(meanwhile.after.firewall, packet, meeting).flatMap((stop) => {
    const taken = stop.rule === undefined ? undefined : takenBy(stop.chain, stop.rule, meanwhile);
    if (taken === 0 || (taken === undefined && !stop.isCertain)) return [];
    return [{ host: end.wanted.host, stop, words: stopWords(stop), taken, cure: allowCommand(stop, packet, meeting) }];
  });
  const counted = found.filter(({ taken }) => taken !== undefined);
  return counted.length > 0 ? counted : found;
}

function takenBy(chain: Chain, rule: Rule, { before, after }: Meanwhile): number | undefined {
  const key = ruleKey(chain, rule);
  const [first, last] = [packetsOf(before.firewall, key), packetsOf(after.firewall, key)];
  return first === undefined || last === undefined ? undefined : last - first;
}

function packetsOf({ chains }: Ruleset, key: string): number | undefined {
  return chains.flatMap((chain) => chain.rules.filter((rule) => ruleKey(chain, rule) === key))[0]?.packets;
}

/** Each rule once, however many packets it stops. */
export function distinct(blocks: readonly Block[]): readonly Block[] {
  return [...new Map(blocks.map((block) => [`${block.host} ${block.cure}`, block])).values()];
}
