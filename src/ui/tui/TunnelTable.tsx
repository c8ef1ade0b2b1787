import { Box } from 'ink';
import { useMemo } from 'react';
import type { TunnelState } from '../run-state.ts';
import { inWindow, tunnelBadge, tunnelStanding } from '../standing.ts';
import type { Theme } from '../theme.ts';
import { headingLine, tunnelTable } from './columns.ts';
import { Line } from './Line.tsx';
import { remainderLine } from './remainder.ts';
import { TunnelRow } from './TunnelRow.tsx';

export interface TunnelTableProps {
  readonly tunnels: readonly TunnelState[];
  readonly columns: number;
  /** Rows to fill, the heading included. */
  readonly rows: number;
  readonly theme: Theme;
  readonly spinner: string;
}

/** The tunnels that alignLeft, failing and running ones first, and a count of the others. */
export function TunnelTable({ tunnels, columns, rows, theme, spinner }: TunnelTableProps) {
  const table = useMemo(() => tunnelTable(tunnels, columns), [tunnels, columns]);
  if (rows < 2) return null;
  const room = rows - 1;
  const shown = inWindow(tunnels, tunnels.length <= room ? room : room - 1, tunnelStanding);
  const hidden = tunnels.length === shown.length ? [] : tunnels.filter((tunnel) => !shown.includes(tunnel));
  return (
    <Box flexDirection="column">
      <Line text={headingLine(table, theme)} theme={theme} />
      {shown.map((tunnel) => (
        <TunnelRow key={tunnel.name} tunnel={tunnel} table={table} theme={theme} spinner={isMoving(tunnel) ? spinner : ''} />
      ))}
      {hidden.length === 0 ? null : <Line text={remainderLine(hidden.map(tunnelBadge), columns, theme)} theme={theme} />}
    </Box>
  );
}

function isMoving(tunnel: TunnelState): boolean {
  return tunnelBadge(tunnel).sign === undefined;
}
