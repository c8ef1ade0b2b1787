import { Box } from 'ink';
import type { RunState } from '../run-state.ts';
import { type Badge, STANDINGS, tunnelBadge, tunnelStanding } from '../standing.ts';
import type { Theme } from '../theme.ts';
import { truncate, widthOf } from '../width.ts';
import { Line } from './Line.tsx';
import { countByWord } from './remainder.ts';

export interface FooterProps {
  readonly state: RunState;
  readonly columns: number;
  readonly theme: Theme;
  /** What the user must know now, such as that Ctrl-C was heard. */
  readonly notice: string | undefined;
}

const BAR_WIDTH = 24;
const HELP = 'Ctrl-C rolls back';

/** How far the run is, and how many tunnels stand how. */
export function Footer({ state, columns, theme, notice }: FooterProps) {
  return (
    <Box flexDirection="column">
      {notice === undefined ? null : <Line text={theme.paint('changed', truncate(` ${notice}`, columns))} theme={theme} />}
      <Line text={summaryLine(state, columns, theme)} theme={theme} />
    </Box>
  );
}

function summaryLine(state: RunState, columns: number, theme: Theme): string {
  const tunnels = [...state.tunnels.values()];
  const finished = tunnels.filter(({ outcome }) => outcome !== undefined).length;
  const isFailing = tunnels.some((tunnel) => tunnelStanding(tunnel) === 'failing');
  const hasBar = columns >= 60;
  const bar = hasBar ? `${barOf(tunnels.length === 0 ? 0 : finished / tunnels.length, isFailing, theme)}  ` : '';
  const done = `${finished}/${tunnels.length} done`;
  const badges = STANDINGS.flatMap((standing) => tunnels.filter((tunnel) => tunnelStanding(tunnel) === standing).map(tunnelBadge));
  const counts = countsWithin(badges, columns - 1 - (hasBar ? BAR_WIDTH + 2 : 0) - widthOf(done), theme);
  const spare = counts.left - HELP.length - 3;
  const help = spare < 0 || !isChanging(state) ? '' : `   ${theme.paint('quiet', HELP)}`;
  return ` ${bar}${theme.paint('strong', done)}${counts.text}${help}`;
}

function isChanging({ start, recap }: RunState): boolean {
  return (start?.command === 'up' || start?.command === 'down') && !start.isCheck && recap === undefined;
}

function barOf(share: number, isFailing: boolean, { paint }: Theme): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${paint(isFailing ? 'bad' : 'good', '━'.repeat(full))}${paint('quiet', '─'.repeat(BAR_WIDTH - full))}`;
}

function countsWithin(badges: readonly Badge[], room: number, { paint }: Theme): { readonly text: string; readonly left: number } {
  let left = room;
  let text = '';
  for (const { badge, number } of countByWord(badges)) {
    const part = `${number} ${badge.word}`;
    if (part.length + 2 > left) break;
    left -= part.length + 2;
    text += `  ${paint(badge.tone, part)}`;
  }
  return { text, left };
}
