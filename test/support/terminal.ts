import { type IPty, spawn } from '@lydell/node-pty';
import { type IBufferCell, type IBufferLine, Terminal } from '@xterm/headless';
import type { Run } from './terminal-picture.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A program in a real terminal, whose screen can be read. */
export class TestTerminal {
  readonly #terminal: Terminal;
  readonly #pty: IPty;
  readonly #watchers = new Set<() => void>();
  /** Every byte the program wrote. */
  bytes = '';

  constructor(command: readonly [string, ...string[]], { columns, rows }: TerminalSize, env: Readonly<Record<string, string>> = {}) {
    const [file, ...args] = command;
    this.#terminal = new Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    this.#pty = spawn(file, args, { cols: columns, rows, env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env } });
    this.#pty.onData((chunk) => {
      this.bytes += chunk;
      this.#terminal.write(chunk, () => {
        for (const look of this.#watchers) look();
      });
    });
  }

  /** What a person sees now. */
  get screen(): string {
    const { baseY } = this.#terminal.buffer.active;
    return this.#lines(baseY, baseY + this.#terminal.rows);
  }

  /** The scrollback and the screen. */
  get everything(): string {
    return this.#lines(0, this.#terminal.buffer.active.length);
  }

  /** What a person sees now, with its colours; no row below the last that has text. */
  get rows(): readonly (readonly Run[])[] {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: this.#terminal.rows }, (_unused, row) => runsOf(active.getLine(active.baseY + row)));
    return rows.slice(0, rows.findLastIndex((runs) => runs.some(({ text }) => text.trim() !== '')) + 1);
  }

  /** Whether the cursor is visible, by the last sequence that said so. */
  get hasCursor(): boolean {
    return this.bytes.lastIndexOf('\u001b[?25h') >= this.bytes.lastIndexOf('\u001b[?25l');
  }

  /** Resolves as soon as the screen shows the text. The limit of the test is the limit of its patience. */
  shows(text: string | RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (typeof text === 'string' ? !this.everything.includes(text) : !text.test(this.everything)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  end(): void {
    this.#pty.kill();
    this.#terminal.dispose();
  }

  #lines(from: number, to: number): string {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: to - from }, (_unused, row) => active.getLine(from + row)?.translateToString(true) ?? '').join('\n');
  }
}

/** Cells of one look together; a wide sign is one character on two cells. */
function runsOf(line: IBufferLine | undefined): readonly Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < (line?.length ?? 0); column += 1) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const [text, width, look] = [cell.getChars() || ' ', cell.getWidth(), lookOf(cell)];
    const last = runs.at(-1);
    const isSame = last !== undefined && last.colour === look.colour && last.isBold === look.isBold && last.isDim === look.isDim;
    if (isSame) runs[runs.length - 1] = { ...last, text: last.text + text, width: last.width + width };
    else runs.push({ column, text, width, ...look });
  }
  return runs;
}

function lookOf(cell: IBufferCell): Pick<Run, 'colour' | 'isBold' | 'isDim'> {
  const colour = cell.isFgPalette() ? { colour: cell.getFgColor() } : {};
  return { ...colour, isBold: cell.isBold() !== 0, isDim: cell.isDim() !== 0 };
}
