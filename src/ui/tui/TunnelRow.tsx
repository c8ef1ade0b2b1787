import { memo } from 'react';
import type { TunnelState } from '../run-state.ts';
import type { Theme } from '../theme.ts';
import { type Table, tunnelLine } from './columns.ts';
import { Line } from './Line.tsx';

export interface TunnelRowProps {
  readonly tunnel: TunnelState;
  readonly table: Table;
  readonly theme: Theme;
  /** The same text while nothing moves in this row, so that it is not drawn again. */
  readonly spinner: string;
}

/** One tunnel: both hosts, mode, key, phase and what the probes measured. */
export const TunnelRow = memo(function TunnelRow({ tunnel, table, theme, spinner }: TunnelRowProps) {
  return <Line text={tunnelLine(tunnel, table, { theme, spinner })} theme={theme} />;
});
