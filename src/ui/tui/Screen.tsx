import { Box } from 'ink';
import { useMemo } from 'react';
import type { RunState } from '../run-state.ts';
import type { Theme } from '../theme.ts';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { HostPanel } from './HostPanel.tsx';
import { ProblemPanel, wantedProblemRows } from './ProblemPanel.tsx';
import { shareRows } from './share-rows.ts';
import { TunnelTable } from './TunnelTable.tsx';

export interface ScreenProps {
  readonly state: RunState;
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  /** The spinner's present sign. */
  readonly spinner: string;
  readonly elapsedMs: number;
  readonly notice?: string | undefined;
}

/** A run at one moment, in the rows and columns there are. */
export function Screen({ state, columns, rows, theme, spinner, elapsedMs, notice }: ScreenProps) {
  const hosts = useMemo(() => [...state.hosts.values()], [state.hosts]);
  const tunnels = useMemo(() => [...state.tunnels.values()], [state.tunnels]);
  const problemLines = useMemo(() => wantedProblemRows(state.problems, columns, theme), [state.problems, columns, theme]);
  const shares = shareRows({ rows, hosts: hosts.length, tunnels: tunnels.length, problemLines, hasNotice: notice !== undefined });
  if (state.start === undefined) return null;
  const gap = shares.isAiry ? 1 : 0;
  return (
    <Box flexDirection="column" rowGap={gap}>
      <Header state={state} columns={columns} elapsedMs={elapsedMs} theme={theme} />
      {shares.hosts === 0 ? null : <HostPanel hosts={hosts} columns={columns} rows={shares.hosts} theme={theme} spinner={spinner} />}
      <TunnelTable tunnels={tunnels} columns={columns} rows={shares.tunnels} theme={theme} spinner={spinner} />
      {shares.problems === 0 ? null : <ProblemPanel problems={state.problems} columns={columns} rows={shares.problems} theme={theme} />}
      <Footer state={state} columns={columns} theme={theme} notice={notice} />
    </Box>
  );
}
