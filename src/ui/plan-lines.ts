import type { PlannedChange, TunnelSummary } from '../run/events.ts';
import type { Theme, Tone } from './theme.ts';
import { oneLine, widthOf } from './width.ts';
import { count } from './words.ts';

type Action = PlannedChange['action'];

/** The marks of a diff, as terraform made them known. */
const MARKS: Readonly<Record<Action, { readonly sign: string; readonly tone: Tone; readonly note: string }>> = {
  add: { sign: '+', tone: 'good', note: 'to add' },
  change: { sign: '~', tone: 'changed', note: 'to change' },
  replace: { sign: '-/+', tone: 'replace', note: 'to replace' },
  remove: { sign: '-', tone: 'bad', note: 'to remove' },
  load: { sign: '+', tone: 'good', note: 'to load' },
};

/** A tunnel with what its plan needs. */
export interface PlannedTunnel extends TunnelSummary {
  readonly changes: readonly PlannedChange[];
  readonly mtuBytes?: number;
}

/** The plan of one tunnel as a diff: a title, then a line an object. */
export function planLines(tunnel: PlannedTunnel, { paint }: Theme): readonly string[] {
  const title = `${paint('strong', oneLine(tunnel.name))}  ${paint('quiet', describe(tunnel))}`;
  if (tunnel.changes.length === 0) return [`${title}  no changes`];
  const hostWidth = Math.max(...tunnel.changes.map(({ host }) => widthOf(oneLine(host))));
  return [title, ...tunnel.changes.map((change) => changeLine(change, { hostWidth, paint }))];
}

/** `gre key 1  router-a ⇄ router-b  mtu 1476` */
export function describe(tunnel: TunnelSummary & { readonly mtuBytes?: number }): string {
  const mode = tunnel.key === undefined ? tunnel.mode : `${tunnel.mode} key ${tunnel.key}`;
  const mtu = tunnel.mtuBytes === undefined ? '' : `  mtu ${tunnel.mtuBytes}`;
  return `${oneLine(mode)}  ${endsOf(tunnel)}${mtu}`;
}

export function endsOf(tunnel: Pick<TunnelSummary, 'hosts'>): string {
  return tunnel.hosts.map(oneLine).join(' ⇄ ');
}

function changeLine(change: PlannedChange, { hostWidth, paint }: { readonly hostWidth: number; readonly paint: Theme['paint'] }): string {
  const { sign, tone } = MARKS[change.action];
  const host = oneLine(change.host);
  const subject = `${host}${' '.repeat(hostWidth - widthOf(host))}  ${oneLine(change.object)}`;
  const note = change.action === 'load' ? '  (stays loaded, also after a rollback)' : '';
  return `${paint(tone, `${sign.padStart(5)} ${subject}`)}${paint('quiet', `${differencesOf(change)}${note}`)}`;
}

function differencesOf(change: PlannedChange): string {
  const parts = (change.differences ?? []).map(({ name, from, to }) => {
    if (from === undefined) return oneLine(`${name} ${to ?? ''}`);
    return oneLine(`${name} ${from} → ${to ?? 'unset'}`);
  });
  return parts.length === 0 ? '' : `  ${parts.join(', ')}`;
}

/** `8 changes: 6 to add, 1 to replace, 1 to load`, or `no changes`. */
export function planSummary(changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return 'no changes';
  const parts = (Object.keys(MARKS) as Action[]).flatMap((action) => {
    const number = changes.filter((change) => change.action === action).length;
    return number === 0 ? [] : [`${number} ${MARKS[action].note}`];
  });
  return `${count(changes.length, 'change')}: ${parts.join(', ')}`;
}

/** `+6 ~1 -/+1`: a plan in the width of a column. */
export function planMarks(changes: readonly PlannedChange[]): string {
  const signs = ['+', '~', '-/+', '-'];
  const marks = signs.map((sign) => ({ sign, number: changes.filter(({ action }) => MARKS[action].sign === sign).length }));
  const shown = marks.filter(({ number }) => number > 0).map(({ sign, number }) => `${sign}${number}`);
  return shown.length === 0 ? 'no changes' : shown.join(' ');
}
