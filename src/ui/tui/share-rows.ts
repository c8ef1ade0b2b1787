/** What a screen would show if it were endless. */
export interface Wanted {
  /** Rows of the terminal. */
  readonly rows: number;
  readonly hosts: number;
  readonly tunnels: number;
  readonly problemLines: number;
  readonly hasNotice: boolean;
}

/** Rows for each part, headings included; 0 leaves the part out. */
export interface Shares {
  readonly hosts: number;
  readonly tunnels: number;
  readonly problems: number;
  /** Whether parts stand apart by an empty row. */
  readonly isAiry: boolean;
}

/** Two rows stay free: the cursor's, and one that shows where the screen begins. */
const SPARE_ROWS = 2;
const AIRY_FROM_ROWS = 20;

/** Shares a terminal's rows: problems first, then tunnels, then hosts; what one does not need the next may have. */
export function shareRows({ rows, hosts, tunnels, problemLines, hasNotice }: Wanted): Shares {
  const isAiry = rows >= AIRY_FROM_ROWS;
  const headerAndFooter = hasNotice ? 3 : 2;
  const gaps = isAiry ? (problemLines > 0 ? 4 : 3) : 0;
  const room = Math.max(2, rows - SPARE_ROWS - headerAndFooter - gaps);
  const problemShare = Math.min(problemLines, Math.max(room < 8 ? 2 : 4, Math.floor(room * 0.45)), room - 2);
  const left = room - problemShare;
  const hostWish = left < 7 ? 0 : Math.min(hosts + 1, Math.max(2, Math.floor(left / 3), left - tunnels - 1));
  const tunnelShare = Math.min(tunnels + 1, left - hostWish);
  return { hosts: hostWish, tunnels: tunnelShare, problems: problemShare, isAiry };
}
