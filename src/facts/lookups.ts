import { parseAddress } from '../domain/address.ts';
import { lookupKey, type RouteLookup, type RouteQuestion } from '../domain/observed.ts';
import { batchLine } from '../shell/quote.ts';
import { type Fact, readEntries } from './fact.ts';
import { routesOfText } from './iproute-text.ts';

/** Where the host would send packets to each address now; with `from` the policy rules for that source are asked too. */
export const lookups: Fact<readonly Readonly<Record<string, unknown>>[], readonly RouteQuestion[]> = {
  name: 'lookups',
  snippet: (questions) =>
    questions.length === 0
      ? ':'
      : `ip $tunorch_json -force -batch - 2>/dev/null <<'TUNORCH'\n${questions.map((question) => batchLine(words(question))).join('\n')}\nTUNORCH`,
  parse: (section) => readEntries(section, routesOfText),
};

function words({ to, from }: RouteQuestion): readonly string[] {
  return ['route', 'get', to, ...(from === undefined ? [] : ['from', from])];
}

/** Joins questions and answers: an answer names its destination and, where one was given, its source. */
export function answerLookups(questions: readonly RouteQuestion[], answers: readonly Answer[]): ReadonlyMap<string, RouteLookup> {
  const byQuestion = new Map<string, Answer>();
  for (const answer of answers) {
    const key = `${answer.dst} ${askedFrom(answer)}`;
    if (!byQuestion.has(key)) byQuestion.set(key, answer);
  }
  return new Map(questions.map((question) => [lookupKey(question), lookupOf(question, byQuestion.get(`${question.to} ${question.from}`))]));
}

type Answer = Readonly<Record<string, unknown>>;

function lookupOf(question: RouteQuestion, answer: Answer | undefined): RouteLookup {
  if (answer === undefined || typeof answer.dev !== 'string') return { found: false };
  const source = question.from ?? parseAddress(String(answer.prefsrc ?? ''));
  const mtuBytes = mtuOf(answer);
  return { found: true, device: answer.dev, ...(source === undefined ? {} : { source }), ...(mtuBytes === undefined ? {} : { mtuBytes }) };
}

/** Of the route itself, or what a router said of the path within the last ten minutes (ip-sysctl.rst, mtu_expires). */
function mtuOf({ metrics }: Readonly<Record<string, unknown>>): number | undefined {
  const found = Array.isArray(metrics) ? (metrics as Readonly<Record<string, unknown>>[]).find(({ mtu }) => typeof mtu === 'number') : undefined;
  return typeof found?.mtu === 'number' ? found.mtu : undefined;
}

/** For IPv6 iproute2 prints `from ::` where no source was asked for. */
function askedFrom({ from }: Readonly<Record<string, unknown>>): unknown {
  return from === '::' ? undefined : from;
}
