import { expect } from 'vitest';
import type { ModeName } from '../../src/domain/tunnel.ts';
import { modeOf } from '../../src/modes/index.ts';
import { eventsOf, type ProgramRun } from './scenario-program.ts';

/** What was wrong with a mode, or nothing. */
type Judgement = (mode: ModeName) => string | undefined;

/** What was proved of each mode, printed when the tests of a file are over. */
export interface ModesTable<Column extends string> {
  /** Judges each mode of a run by itself and writes it down; then all must be well. */
  judge(column: Column, told: ProgramRun, wrongWith: Judgement): void;
  write(mode: ModeName, column: Column, words: string): void;
  text(present: readonly ModeName[], lacking: ReadonlyMap<ModeName, string>): string;
}

/** A table in Markdown with a row a mode; a dash stands where nothing was judged. */
export function modesTable<Column extends string>(columns: readonly Column[]): ModesTable<Column> {
  const cells = new Map<string, string>();
  const write = (mode: ModeName, column: Column, words: string) => void cells.set(`${mode} ${column}`, words);
  const row = (mode: ModeName) => `| ${mode} | ${columns.map((column) => cells.get(`${mode} ${column}`) ?? '–').join(' | ')} |`;
  return {
    write,
    judge: (column, told, wrongWith) => {
      expect(told.recap.tunnels, told.stderr).not.toEqual([]);
      const wrong = told.recap.tunnels.flatMap(({ tunnel }) => {
        const mode = modeNamed(tunnel);
        const what = wrongWith(mode);
        write(mode, column, what === undefined ? 'yes' : 'NO');
        return what === undefined ? [] : [`${mode}: ${what}`];
      });
      expect(wrong, `${told.stderr}\n${JSON.stringify(told.events.at(-1), undefined, 1)}`).toEqual([]);
    },
    text: (present, lacking) => {
      const head = `| mode | ${columns.join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|`;
      return [head, ...present.map(row), ...[...lacking].map(([mode, why]) => `| ${mode} | skipped: ${why} |`)].join('\n');
    },
  };
}

function modeNamed(tunnel: string): ModeName {
  return modeOf(tunnel.replace('t-', '') as ModeName).name;
}

export function recapOf({ recap }: ProgramRun, mode: ModeName) {
  return recap.tunnels.find(({ tunnel }) => tunnel === `t-${mode}`);
}

export function unless(outcome: string, told: ProgramRun): Judgement {
  return (mode) => (recapOf(told, mode)?.outcome === outcome ? undefined : `${recapOf(told, mode)?.outcome}, not ${outcome}`);
}

/** Changed, and by nothing but this done to the devices of a mode on both hosts. */
export function unlessBy(action: string, told: ProgramRun): Judgement {
  return (mode) =>
    unless('changed', told)(mode) ?? (linkActions(told, mode).join() === action ? undefined : `link: ${linkActions(told, mode).join()}`);
}

/** A guest under emulation may get no processor for longer than a probe waits; a tunnel that is wrong is so each time. */
export async function triedThrice(run: () => Promise<ProgramRun>): Promise<ProgramRun> {
  for (let tries = 1; ; tries += 1) {
    const told = await run();
    if (told.status === 0 || tries === 3) return told;
  }
}

/** Found as it was declared, with nothing planned for it. */
export function unlessUnchanged(told: ProgramRun): Judgement {
  return (mode) =>
    unless('ok', told)(mode) ?? (changesOf(told, mode).length > 0 ? `has changes: ${JSON.stringify(changesOf(told, mode))}` : undefined);
}

export function unlessHeardBothWays(told: ProgramRun): Judgement {
  const heard = (mode: ModeName) =>
    eventsOf(told, 'probe').flatMap(({ tunnel, probe }) => (tunnel === `t-${mode}` && probe.received > 0 ? [probe.from] : []));
  return (mode) => unless('ok', told)(mode) ?? (new Set(heard(mode)).size === 2 ? undefined : 'one end heard nothing');
}

export function unlessFullSizeCrosses(told: ProgramRun): Judgement {
  return (mode) => {
    const sizes = eventsOf(told, 'full-size-probe').filter(({ tunnel }) => tunnel === `t-${mode}`);
    return sizes.length >= 2 && sizes.every(({ passed }) => passed) ? undefined : JSON.stringify(sizes);
  };
}

function changesOf(told: ProgramRun, mode: ModeName) {
  return eventsOf(told, 'tunnel-planned').find(({ tunnel }) => tunnel === `t-${mode}`)?.changes ?? [];
}

function linkActions(told: ProgramRun, mode: ModeName): readonly string[] {
  return [...new Set(changesOf(told, mode).flatMap(({ object, action }) => (object === `link t-${mode}` ? [action] : [])))];
}
