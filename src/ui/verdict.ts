import type { Command, Recap, TunnelOutcome } from '../run/events.ts';
import type { RunState } from './run-state.ts';
import type { Telling, Tone } from './theme.ts';
import { wrap } from './width.ts';
import { count, formatElapsed, OUTCOME_ORDER } from './words.ts';

interface Verdict {
  readonly tone: Tone;
  readonly text: string;
}

/** The tunnels that ended the same way. */
interface Group {
  readonly command: Command | undefined;
  readonly tunnels: string;
  readonly objects: string;
  /** Every one of them was compared with its snapshot and found equal. */
  readonly isProved: boolean;
}

/** The last words of a run: what became of the tunnels, and whether what was undone was proved undone. */
export function verdictLines(recap: Recap, state: RunState, { theme, columns }: Telling): readonly string[] {
  const size = `${count(recap.tunnels.length, 'tunnel')}, ${count(recap.hosts.length, 'host')}, ${formatElapsed(recap.elapsedMs)}`;
  const verdicts: readonly Verdict[] = [...verdictsOf(recap, state.start?.command), { tone: 'quiet', text: size }];
  return verdicts.flatMap(({ tone, text }) => wrap(text, columns).map((line) => theme.paint(tone, line)));
}

function verdictsOf(recap: Recap, command: Command | undefined): readonly Verdict[] {
  if (recap.tunnels.length > 0 && recap.tunnels.every(({ outcome }) => outcome === 'ok')) return [allWell(command)];
  return OUTCOME_ORDER.flatMap((outcome) => {
    const tunnels = recap.tunnels.filter((tunnel) => tunnel.outcome === outcome);
    if (tunnels.length === 0) return [];
    const changes = tunnels.reduce((sum, tunnel) => sum + tunnel.changes, 0);
    const isProved = tunnels.every((tunnel) => tunnel.isProved === true);
    return [SENTENCES[outcome]({ command, tunnels: count(tunnels.length, 'tunnel'), objects: count(changes, 'object'), isProved })];
  });
}

function allWell(command: Command | undefined): Verdict {
  if (isLook(command)) return { tone: 'good', text: 'Every tunnel is healthy.' };
  if (command === 'capture') return { tone: 'good', text: 'Every tunnel was captured, and nothing speaks against any.' };
  if (command === 'down') return { tone: 'good', text: 'No changes: nothing of these tunnels is left on the hosts.' };
  return { tone: 'good', text: 'No changes: both ends of every tunnel are as declared.' };
}

function isLook(command: Command | undefined): boolean {
  return command === 'verify' || command === 'doctor';
}

const SENTENCES: Readonly<Record<TunnelOutcome, (group: Group) => Verdict>> = {
  'rollback-incomplete': ({ tunnels }) => ({
    tone: 'bad',
    text: `The rollback of ${tunnels} is incomplete: hosts differ from their snapshot. Type what is left, host by host.`,
  }),
  failed: ({ command, tunnels }) => ({
    tone: 'bad',
    text: isLook(command) || command === 'capture' ? `${tunnels} broken.` : `${tunnels} failed, with nothing changed on either host.`,
  }),
  'rolled-back': ({ tunnels, isProved }) => ({
    tone: 'bad',
    text: `${tunnels} rolled back at both ends${isProved ? ', compared with the snapshot and equal to it' : ''}.`,
  }),
  unreachable: ({ tunnels }) => ({
    tone: 'bad',
    text: `${tunnels} left alone: a host could not be worked with, and nothing was changed on either.`,
  }),
  degraded: ({ tunnels }) => ({ tone: 'changed', text: `${tunnels} degraded: loss or latency over the limit.` }),
  changed: ({ tunnels, objects }) => ({ tone: 'good', text: `${tunnels} changed: ${objects} on both hosts together.` }),
  pending: ({ tunnels, objects }) => ({ tone: 'changed', text: `${tunnels} would change: ${objects}. Nothing was changed.` }),
  ok: ({ command, tunnels }) => ({ tone: 'good', text: isLook(command) ? `${tunnels} healthy.` : `${tunnels} as declared, no change.` }),
};
