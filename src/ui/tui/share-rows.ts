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
/** From here on empty rows cost nobody a line worth having. */
const ROOMY = 34;

/** Shares a terminal's rows: everything where it fits, else what is wrong first, then tunnels, then hosts. */
export function shareRows(wanted: Wanted): Shares {
  const room = Math.max(2, wanted.rows - SPARE_ROWS - (wanted.hasNotice ? 3 : 2));
  const gaps = wanted.problemLines > 0 ? 4 : 3;
  const all = wanted.problemLines + wanted.tunnels + 1 + wanted.hosts + 1;
  const isAiry = all + gaps <= room || wanted.rows >= ROOMY;
  return { ...share(wanted, isAiry ? room - gaps : room), isAiry };
}

function share({ hosts, tunnels, problemLines }: Wanted, room: number): Omit<Shares, 'isAiry'> {
  const least = Math.min(problemLines, Math.max(room < 8 ? 2 : 4, Math.floor(room * 0.4)), room - 2);
  const left = room - least;
  const hostRows = left < 7 ? 0 : Math.min(hosts + 1, Math.max(2, Math.floor(left / 4), left - tunnels - 1));
  const tunnelRows = Math.min(tunnels + 1, left - hostRows);
  const spare = left - hostRows - tunnelRows;
  return { hosts: hostRows, tunnels: tunnelRows, problems: Math.min(problemLines, least + spare) };
}
