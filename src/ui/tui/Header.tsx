import type { RunState } from '../run-state.ts';
import type { Theme } from '../theme.ts';
import { oneLine, truncate, widthOf } from '../width.ts';
import { count } from '../words.ts';
import { Line } from './Line.tsx';

export interface HeaderProps {
  readonly state: RunState;
  readonly columns: number;
  readonly elapsedMs: number;
  readonly theme: Theme;
}

/** What runs, on how much, and for how long. Nothing stands at the right edge: a terminal that shrinks would break the line. */
export function Header({ state, columns, elapsedMs, theme }: HeaderProps) {
  const title = ` tunorch ${titleOf(state)} `;
  const sizes = [[count(state.hosts.size, 'host'), count(state.tunnels.size, 'tunnel')], [count(state.tunnels.size, 'tunnel')], []];
  const told = sizes.map((parts) => `─── ${[...parts, clockOf(elapsedMs)].join(' · ')}`);
  const size = told.find((text) => widthOf(title) + widthOf(text) <= columns) ?? '';
  return <Line text={`${theme.paint('strong', truncate(title, columns))}${theme.paint('quiet', size)}`} theme={theme} />;
}

function titleOf({ start, playbook }: RunState): string {
  if (playbook?.play !== undefined)
    return `play ${oneLine(playbook.play)}${playbook.step === undefined ? '' : ` · batch ${playbook.step.batch} · ${oneLine(playbook.step.name)}`}`;
  if (start === undefined) return '';
  return start.isCheck && start.command !== 'plan' ? `${start.command} --check` : start.command;
}

/** `0:07`; whole seconds, so that the line changes once a second. */
function clockOf(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
