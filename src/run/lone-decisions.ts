import type { LoneDecision } from '../domain/lone-decision.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { World } from './world.ts';

const MOST_NAMES = 3;
const SPANS: readonly (readonly [name: string, seconds: number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

/** Tells what a host decided alone since it was last changed; what an earlier look of this run found is not told again. */
export function tellLoneDecisions({ host, decisions }: ObservedHost, world: Pick<World, 'report'>, before: readonly LoneDecision[] = []): void {
  const fresh = decisions.slice(decisions.length < before.length ? 0 : before.length);
  for (const alike of byCircumstance(fresh).values()) world.report({ type: 'host-warning', host, message: decisionWords(alike) });
}

/** A hub that lost a run decides about many tunnels in one moment: they are told together. */
function byCircumstance(decisions: readonly LoneDecision[]): ReadonlyMap<string, readonly LoneDecision[]> {
  const groups = new Map<string, readonly LoneDecision[]>();
  for (const decision of decisions) {
    const circumstances = [decision.verdict, decision.by, decision.owner].join('\n');
    groups.set(circumstances, [...(groups.get(circumstances) ?? []), decision]);
  }
  return groups;
}

function decisionWords(alike: readonly LoneDecision[]): string {
  const last = alike.at(-1);
  if (last === undefined) throw new Error('no decision to tell');
  const names = alike.map(({ tunnel }) => tunnel);
  const listed = names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more` : names.join(', ');
  const did = last.verdict === 'undone' ? `rolled ${listed} back by itself` : `kept what was done to ${listed} by itself`;
  return `${did} ${circumstance(last)} «${last.owner}», ${age(last.ageSeconds)} ago`;
}

function circumstance({ by, afterSeconds }: LoneDecision): string {
  if (by === 'next-run') return 'when the next run found what was left of';
  if (by === 'session') return 'as soon as it lost';
  return afterSeconds === undefined ? 'at the deadline of' : `${afterSeconds} s after it lost`;
}

/** `12 s`, `3 min`, `2 h`, `5 d`. */
function age(seconds: number): string {
  const span = SPANS.find(([, length]) => seconds >= length);
  return span === undefined ? `${seconds} s` : `${Math.floor(seconds / span[1])} ${span[0]}`;
}
