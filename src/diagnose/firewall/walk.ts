import type { IpAddress } from '../../domain/address.ts';
import { familyOf, overlaps, parseAddress, rangeOf } from '../../domain/address.ts';
import type { Chain, Hook, Match, Rule, Ruleset } from './ruleset.ts';

/** A packet as a firewall meets it. */
export interface Packet {
  readonly protocol: number;
  readonly from: IpAddress;
  readonly to: IpAddress;
  /** Destination port, where it is UDP. */
  readonly port?: number;
  readonly icmp?: 'request' | 'reply';
}

/** Where and when it meets it. */
export interface Meeting {
  readonly hook: Hook;
  /** The device it comes in by, or leaves by; left out: not known. */
  readonly device?: string;
  /** Whether the connection tracker has seen an answer to it already. */
  readonly state: 'new' | 'established';
}

/** A rule, or a chain's policy, that ends a packet's way. */
export interface Stop {
  readonly chain: Chain;
  /** Absent where it is the policy. */
  readonly rule?: Rule;
  readonly verdict: 'drop' | 'reject';
  /** Whether every word of every rule before it was understood, and of itself. */
  readonly isCertain: boolean;
}

type Answer = 'yes' | 'no' | 'maybe';

/**
 * Every base chain of the hook in which the packet would not get through, each with what stops it there.
 *
 * All, since a packet that is let through by one chain goes on to the next: to cure one only may not be enough.
 */
export function stopsOf(ruleset: Ruleset, packet: Packet, meeting: Meeting): readonly Stop[] {
  return ruleset.chains
    .filter((chain) => chain.hook === meeting.hook && isOfFamily(chain, packet))
    .flatMap((chain) => {
      const { ends, isSure } = walk(chain, { ruleset, packet, meeting }, true);
      const stops = ends.filter((end): end is Stop => end !== 'accept');
      const isOver = ends.some((end) => end === 'accept' || end.isCertain);
      return chain.policy === 'drop' && !isOver ? [...stops, { chain, verdict: 'drop' as const, isCertain: isSure }] : stops;
    });
}

function isOfFamily({ family }: Chain, { from }: Packet): boolean {
  return family === 'inet' || family === 'netdev' || family === (familyOf(from) === 4 ? 'ip' : 'ip6');
}

export interface Surroundings {
  readonly ruleset: Ruleset;
  readonly packet: Packet;
  readonly meeting: Meeting;
}

interface Walk {
  /** What may become of the packet in this chain; empty where it falls through. */
  readonly ends: readonly (Stop | 'accept')[];
  /** Whether it certainly comes as far as this where none of `ends` holds. */
  readonly isSure: boolean;
  /** Whether its way through the chain is over. */
  readonly isOver: boolean;
}

/** @param isReached - whether the packet certainly comes here */
function walk(chain: Chain, around: Surroundings, isReached: boolean, depth = 0): Walk {
  let way: Walk = { ends: [], isSure: isReached, isOver: false };
  for (const rule of chain.rules) {
    const answer = answerOf(rule, chain, around);
    if (answer === 'no' || rule.verdict.kind === 'continue') continue;
    const step = stepBy(rule, chain, { around, isHit: answer === 'yes', isSure: way.isSure, isReached, depth });
    way = { ...step, ends: [...way.ends, ...step.ends] };
    if (way.isOver) break;
  }
  return way;
}

interface Pace {
  readonly around: Surroundings;
  /** Whether the rule is certainly the packet's. */
  readonly isHit: boolean;
  readonly isSure: boolean;
  readonly isReached: boolean;
  readonly depth: number;
}

function stepBy(rule: Rule, chain: Chain, { around, isHit, isSure, isReached, depth }: Pace): Walk {
  const { verdict } = rule;
  switch (verdict.kind) {
    case 'drop':
    case 'reject':
      return { ends: [{ chain, rule, verdict: verdict.kind, isCertain: isHit && isSure }], isSure, isOver: isHit };
    case 'jump':
    case 'goto': {
      const next = depth > MOST_JUMPS ? undefined : chainNamed(verdict.chain, chain, around.ruleset);
      if (next === undefined) return { ends: [], isSure: false, isOver: false };
      const inner = walk(next, around, isSure && isHit, depth + 1);
      const isOver = isHit && (verdict.kind === 'goto' || inner.ends.some((end) => end === 'accept' || end.isCertain));
      return { ends: inner.ends, isSure: isSure && isHit && inner.isSure, isOver };
    }
    case 'accept':
      return { ends: isHit && isReached ? ['accept'] : [], isSure: isSure && isHit, isOver: isHit };
    default:
      return { ends: [], isSure: isSure && isHit, isOver: isHit };
  }
}

const MOST_JUMPS = 16;

function chainNamed(name: string, { tool, family, table }: Chain, { chains }: Ruleset): Chain | undefined {
  return chains.find((one) => one.name === name && one.tool === tool && one.family === family && one.table === table);
}

/** Whether a rule may be the packet's, whatever stands before it. */
export function mayMeet(rule: Rule, chain: Chain, around: Surroundings): boolean {
  return answerOf(rule, chain, around) !== 'no';
}

function answerOf({ matches }: Rule, chain: Chain, around: Surroundings): Answer {
  const answers = matches.map((match) => {
    const answer = ask(match, chain, around);
    return match.isNegated === true ? NEGATED[answer] : answer;
  });
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

const NEGATED: Readonly<Record<Answer, Answer>> = { yes: 'no', no: 'yes', maybe: 'maybe' };

function ask(match: Match, chain: Chain, { ruleset, packet, meeting }: Surroundings): Answer {
  switch (match.kind) {
    case 'protocol':
      return decided(match.protocols.includes(packet.protocol));
    case 'family':
      return decided(familyOf(packet.from) === match.family);
    case 'source':
      return isAmong(packet.from, match.addresses, { chain, ruleset });
    case 'destination':
      return isAmong(packet.to, match.addresses, { chain, ruleset });
    case 'in':
      return isOutward(meeting.hook) ? 'no' : deviceAnswer(meeting.device, match.devices);
    case 'out':
      return isOutward(meeting.hook) ? deviceAnswer(meeting.device, match.devices) : 'no';
    case 'state':
      return decided(match.states.includes(meeting.state));
    case 'port':
      return packet.port === undefined ? 'no' : decided(match.ports.some((ports) => isPortIn(packet.port ?? 0, ports)));
    case 'icmp':
      return packet.icmp === undefined ? 'no' : decided(match.types.some((type) => ICMP_TYPES[packet.icmp ?? 'request'].has(type)));
    case 'unknown':
      return 'maybe';
  }
}

const ICMP_TYPES = {
  request: new Set(['8', '8/0', '128', '128/0', 'echo-request', 'any']),
  reply: new Set(['0', '0/0', '129', '129/0', 'echo-reply', 'any']),
} as const;

function decided(holds: boolean): Answer {
  return holds ? 'yes' : 'no';
}

function isOutward(hook: Hook): boolean {
  return hook === 'output' || hook === 'postrouting';
}

/** A name may end in `*`, as nft writes it. */
function deviceAnswer(device: string | undefined, names: readonly string[]): Answer {
  if (device === undefined) return 'maybe';
  return decided(names.some((name) => (name.endsWith('*') ? device.startsWith(name.slice(0, -1)) : device === name)));
}

function isPortIn(port: number, text: string): boolean {
  const [first = '', last = first] = text.split('-');
  return Number(first) <= port && port <= Number(last);
}

function isAmong(address: IpAddress, texts: readonly string[], { chain, ruleset }: { readonly chain: Chain; readonly ruleset: Ruleset }): Answer {
  const answers = texts.flatMap((text): readonly Answer[] => {
    if (!text.startsWith('@')) return [holds(text, address)];
    const elements = ruleset.sets.get(`${chain.family} ${chain.table} ${text.slice(1)}`);
    return elements === undefined ? ['maybe'] : elements.map((element) => holds(element, address));
  });
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

/** An address, a network or `first-last`. */
function holds(text: string, address: IpAddress): Answer {
  const [first = '', last] = text.split('-');
  if (parseAddress(first.split('/')[0] ?? '') === undefined) return 'maybe';
  if (last === undefined) return decided(overlaps(text, address));
  if (parseAddress(last) === undefined) return 'maybe';
  const [from, to, own] = [rangeOf(first), rangeOf(last), rangeOf(address)];
  return decided(from.family === own.family && from.first <= own.first && own.first <= to.last);
}
