import { Box } from 'ink';
import { truncate, widthOf } from '../fit.ts';
import type { RunState, TunnelState } from '../run-state.ts';
import { type Badge, STANDINGS, tunnelBadge, tunnelStanding } from '../standing.ts';
import type { Theme } from '../theme.ts';
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

/** How far the run is, and how many tunnels stand how. */
export function Footer({ state, columns, theme, notice }: FooterProps) {
  return (
    <Box flexDirection="column">
      {notice === undefined ? null : <Line text={theme.paint('changed', truncate(` ${notice}`, columns))} theme={theme} />}
      <Line text={summaryLine([...state.tunnels.values()], columns, theme)} theme={theme} />
    </Box>
  );
}

function summaryLine(tunnels: readonly TunnelState[], columns: number, theme: Theme): string {
  const finished = tunnels.filter(({ outcome }) => outcome !== undefined).length;
  const isFailing = tunnels.some((tunnel) => tunnelStanding(tunnel) === 'failing');
  const bar = columns < 60 ? '' : `${barOf(tunnels.length === 0 ? 0 : finished / tunnels.length, isFailing, theme)}  `;
  const done = `${finished}/${tunnels.length} done`;
  const badges = STANDINGS.flatMap((standing) => tunnels.filter((tunnel) => tunnelStanding(tunnel) === standing).map(tunnelBadge));
  const room = columns - 1 - (columns < 60 ? 0 : BAR_WIDTH + 2) - widthOf(done);
  return ` ${bar}${theme.paint('strong', done)}${countsWithin(badges, room, theme)}`;
}

function barOf(share: number, isFailing: boolean, { paint }: Theme): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${paint(isFailing ? 'bad' : 'good', '━'.repeat(full))}${paint('quiet', '─'.repeat(BAR_WIDTH - full))}`;
}

function countsWithin(badges: readonly Badge[], room: number, { paint }: Theme): string {
  let left = room;
  return countByWord(badges)
    .map(({ badge, number }) => {
      const text = `${number} ${badge.word}`;
      left -= text.length + 2;
      return left < 0 ? '' : `  ${paint(badge.tone, text)}`;
    })
    .join('');
}
