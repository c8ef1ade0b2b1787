import type { RunEvent } from '../run/events.ts';
import { captureLines } from './capture-lines.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { healthOf, mtuOf } from './health.ts';
import { lockLines } from './lock-lines.ts';
import { planLines, planSummary } from './plan-lines.ts';
import { outlineLines, playbookRecapLines, playbookTitle, playRecapLines } from './playbook-lines.ts';
import { fullSizeLine, probeLine } from './probe-lines.ts';
import { problemLines, problemTitle } from './problem-lines.ts';
import { recapLines } from './recap-lines.ts';
import { type RunState, repeatsHost, type ToldProblem } from './run-state.ts';
import type { Telling } from './theme.ts';
import { oneLine, wrap } from './width.ts';
import { count, formatElapsed, OUTCOME_WORDS, PHASE_WORDS } from './words.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** How much is told: 0 plan, outcomes, problems, recap; 1 also phases and every probe; 2 also steps. */
export type Verbosity = 0 | 1 | 2;

export interface EventTelling extends Telling {
  readonly verbosity: Verbosity;
  /** Whether plans are told object by object; `plan` always does. */
  readonly showDiff: boolean;
}

/** Lines of one event: findings are data, what is going on is progress. */
export interface Told {
  readonly channel: 'data' | 'progress';
  readonly lines: readonly string[];
}

const NOTHING: Told = { channel: 'progress', lines: [] };

/**
 * One event as lines, most often one or none.
 *
 * @param state - the run with this event already in it
 */
export function tellEvent(event: RunEvent, state: RunState, telling: EventTelling): Told {
  switch (event.type) {
    case 'run-started':
      return state.playbook === undefined ? progress(startLines(state, telling)) : NOTHING;
    case 'host-phase':
    case 'tunnel-phase':
      return tellPhase(event, state, telling);
    case 'step':
      return tellStep(event, state, telling);
    case 'lock-file':
      return data(lockLines(event, { ...telling, isInFull: telling.showDiff || !event.isWritten }));
    case 'host-warning':
      return progress(warningLines(event.host, event.message, telling));
    case 'module-unloaded':
      return progress([`${event.host}: module ${event.module} unloaded`]);
    case 'path-measured':
      return tellPath(event, telling);
    case 'host-failed':
      return data(problemLines(event, telling));
    case 'problem':
      return tellProblem({ tunnel: event.tunnel, ...event.problem }, state, telling);
    case 'tunnel-planned':
      return tellPlan(event, state, telling);
    case 'probe':
    case 'full-size-probe':
      return tellProbe(event, state, telling);
    case 'diagnosis':
      return data(diagnosisLines(event.diagnosis, telling));
    case 'listening':
    case 'captured':
    case 'packet':
    case 'traffic':
      return data(captureLines(event, state.tunnels.get(event.tunnel)?.hosts, telling));
    case 'tunnel-finished':
      return tellOutcome(event, state, telling);
    case 'run-finished':
      return state.playbook === undefined ? data(['', ...recapLines(event.recap, state, telling)]) : NOTHING;
    default:
      return tellPlaybook(event, state, telling);
  }
}

export function warningLines(host: string, message: string, { theme, columns }: Telling): readonly string[] {
  return wrap(oneLine(`${host}: warning: ${message}`), columns).map((line) => theme.paint('changed', line));
}

function tellPlaybook(event: RunEvent, { playbook }: RunState, telling: EventTelling): Told {
  const { theme, columns } = telling;
  switch (event.type) {
    case 'playbook-started':
      return progress(wrap(playbookTitle({ ...event, path: event.playbook }), columns).map((line) => theme.paint('strong', line)));
    case 'play-started':
      return data(['', ...(playbook?.plays.filter(({ play }) => play === event.play) ?? []).flatMap((outline) => outlineLines(outline, telling))]);
    case 'play-step':
      return tellPlayStep(event, telling);
    case 'play-finished':
      return data(playRecapLines(event.recap, telling));
    case 'playbook-finished':
      return data(['', ...playbookRecapLines(event.recap, telling)]);
    default:
      return NOTHING;
  }
}

function tellPlayStep({ batch, step, state, tunnels }: EventOf<'play-step'>, { theme, verbosity }: EventTelling): Told {
  const title = `batch ${batch}: ${oneLine(step)}`;
  if (state === 'started') return progress([theme.paint('quiet', `${title}: ${count(tunnels.length, 'tunnel')}`)]);
  if (state === 'failed') return data([theme.paint('bad', `✗ ${title} failed${tunnels.length === 0 ? '' : `: ${tunnels.map(oneLine).join(', ')}`}`)]);
  return verbosity === 0 ? NOTHING : progress([theme.paint('good', `✓ ${title}`)]);
}

/** What a host's failure told in full already is one line for each of its tunnels. */
function tellProblem(problem: ToldProblem, state: RunState, telling: EventTelling): Told {
  if (!repeatsHost(problem, state.hosts)) return data(problemLines(problem, telling));
  return data([telling.theme.paint('bad', `✗ ${problemTitle(problem)}`)]);
}

/** `tunorch 0.1.0 up: 1 tunnel on 2 hosts`; empty before the run has started. */
export function startLines({ start, hosts, tunnels }: RunState, { theme, columns }: Telling): readonly string[] {
  if (start === undefined) return [];
  const title = `tunorch ${oneLine(start.version)} ${start.command}${start.isCheck && start.command !== 'plan' ? ' --check' : ''}`;
  const size = `${count(tunnels.size, 'tunnel')} on ${count(hosts.size, 'host')}`;
  return wrap(`${title}: ${size}`, columns).map((line) => theme.paint('strong', line));
}

function tellPhase(event: EventOf<'host-phase' | 'tunnel-phase'>, state: RunState, { theme, verbosity }: EventTelling): Told {
  const isRollback = event.phase === 'roll-back' && event.state === 'started' && (event.type === 'tunnel-phase' || state.told.size === 0);
  if (verbosity === 0 && !isRollback) return NOTHING;
  if (verbosity === 1 && event.state === 'done') return NOTHING;
  const subject = oneLine(event.type === 'host-phase' ? event.host : event.tunnel);
  const words = PHASE_WORDS[event.phase];
  if (event.state === 'failed') return progress([theme.paint('bad', `${clock(event, state)}${subject}: ${event.phase} failed`)]);
  const word = event.state === 'started' ? words.running : words.done;
  return progress([
    `${theme.paint('quiet', clock(event, state))}${subject}: ${word}${isRollback && event.type === 'tunnel-phase' ? ' both ends' : ''}`,
  ]);
}

function tellStep(event: EventOf<'step'>, state: RunState, { theme, verbosity }: EventTelling): Told {
  if (verbosity < 2) return NOTHING;
  const line = oneLine(`${event.tunnel}: ${event.host}: ${event.state.replace('-', ' ')}: ${event.title}`);
  const tone = event.state === 'failed' ? 'bad' : 'quiet';
  return progress([theme.paint(tone, `${clock(event, state)}${line}`)]);
}

function tellPlan(event: EventOf<'tunnel-planned'>, state: RunState, telling: EventTelling): Told {
  const tunnel = state.tunnels.get(event.tunnel);
  const isDiff = telling.showDiff || state.start?.command === 'plan';
  if (!isDiff || tunnel === undefined) return data([`${oneLine(event.tunnel)}: ${planSummary(event.changes)}`]);
  return data([...planLines({ ...tunnel, changes: event.changes }, telling), '']);
}

/** A path that carries as much as its link is nothing to tell of. */
function tellPath({ host, to, mtuBytes, linkMtuBytes }: EventOf<'path-measured'>, { verbosity }: EventTelling): Told {
  if (mtuBytes >= linkMtuBytes && verbosity === 0) return NOTHING;
  return progress([
    oneLine(`${host}: packets of ${mtuBytes} bytes cross to ${to}${mtuBytes < linkMtuBytes ? `, its link carries ${linkMtuBytes}` : ''}`),
  ]);
}

/** A good probe is told by `verify` and with -v; a bad one always. */
function tellProbe(event: EventOf<'probe' | 'full-size-probe'>, state: RunState, { theme, verbosity }: EventTelling): Told {
  const isBad = event.type === 'probe' ? event.probe.received < event.probe.sent : !event.passed;
  if (!isBad && verbosity === 0 && state.start?.command !== 'verify') return NOTHING;
  const line = event.type === 'probe' ? probeLine(event.probe) : fullSizeLine(event, state.tunnels.get(event.tunnel)?.hosts);
  const told = `${oneLine(event.tunnel)}: ${line}`;
  return data([isBad ? theme.paint('bad', told) : told]);
}

function tellOutcome({ recap }: EventOf<'tunnel-finished'>, state: RunState, { theme }: EventTelling): Told {
  const { word, sign, tone } = OUTCOME_WORDS[recap.outcome];
  const tunnel = state.tunnels.get(recap.tunnel);
  const { rtt, loss } = healthOf(tunnel ?? { probes: [] });
  const facts = [
    theme.paint(tone, word),
    ...(recap.changes > 0 ? [count(recap.changes, 'change')] : []),
    ...(recap.isProved === undefined ? [] : [`${recap.isProved ? 'proved' : 'NOT'} equal to the snapshot`]),
    ...(tunnel === undefined || tunnel.probes.length === 0 ? [] : [`rtt ${rtt}`, `loss ${loss}`, `mtu ${mtuOf(tunnel)}`]),
  ];
  return data([`${theme.paint(tone, `${sign} ${oneLine(recap.tunnel)}`)}: ${facts.join(', ')}`]);
}

/** Time since the start of the run, as a prefix. */
function clock(event: RunEvent, state: RunState): string {
  return `[${formatElapsed(Math.max(0, event.at - (state.start?.at ?? event.at)))}] `;
}

function data(lines: readonly string[]): Told {
  return { channel: 'data', lines };
}

function progress(lines: readonly string[]): Told {
  return { channel: 'progress', lines };
}
