import { grouped, indexed, onceFor } from '../domain/indexed.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { isAt, type StoredFile, stagedPath } from '../domain/persistence.ts';
import { tunnelOf } from '../persist/header.ts';
import { backEnds } from '../persist/index.ts';
import type { Difference, PlannedChange } from './change.ts';
import type { Operation, Step } from './operation.ts';
import { NOTHING, type Owner, type Part, step } from './part.ts';

/**
 * Writes what is missing or differs, and removes what was made for this tunnel and is not wanted any more.
 *
 * A file is written beside its place when the steps are applied, so that a full disk is found in time, and takes its place
 * when nothing can be rolled back any more. What starts others is wanted last, and removed first.
 */
export function planFiles(owner: Owner, wanted: readonly StoredFile[], observed: ObservedHost): Part {
  const written = wanted.filter((file) => !isSame(file, findFile(file.path, observed)));
  const kept = new Set([...wanted.map(({ path }) => path), ...written.map(({ path }) => stagedPath(path))]);
  const surplus = (filesByTunnel(observed.persistence.files).get(owner.tunnel) ?? []).filter(({ path }) => !kept.has(path)).toReversed();
  if (written.length + surplus.length === 0) return NOTHING;
  return {
    changes: [...written.map((file) => writing(owner, file, findFile(file.path, observed))), ...surplus.map((file) => removing(owner, file))],
    steps: [
      ...written.map((file) => writeStep(owner, file)),
      ...written.flatMap(({ path }) => checkSteps(owner, path)),
      ...surplus.map(({ path }) => lastStep(owner, `remove ${path} in the end`, { kind: 'remove-file', path })),
      ...reloads([...written, ...surplus]).map((words) => lastStep(owner, `${words.join(' ')} in the end`, { kind: 'reload', words })),
    ],
  };
}

export function findFile(wanted: string, { persistence }: ObservedHost): StoredFile | undefined {
  return filesAt(persistence.files, wanted)[0];
}

const filesAt = indexed(({ path }: StoredFile) => [path]);
const filesByTunnel = onceFor((files: readonly StoredFile[]) => grouped(files, (file) => ownersOf(file, files)));

/** By its first line; a link belongs to whom that belongs to which it leads to. */
function ownersOf(file: StoredFile, files: readonly StoredFile[]): readonly string[] {
  if (file.kind === 'symlink')
    return filesAt(files, file.target)
      .slice(0, 1)
      .flatMap((target) => ownersOf(target, files));
  const tunnel = tunnelOf(file.text);
  return tunnel === undefined ? [] : [tunnel];
}

function writeStep(owner: Owner, file: StoredFile): Step {
  const { path } = file;
  const staged = step(owner, `write ${path}`, { forward: [{ kind: 'stage-file', file }], inverse: [{ kind: 'unstage-file', path }] });
  return { ...staged, final: [{ kind: 'place-file', path }] };
}

/** What its readers would not understand is found while everything can still be undone. */
function checkSteps(owner: Owner, path: string): readonly Step[] {
  const checks = [...backEnds.values()].flatMap(({ check }) => (check !== undefined && isAt(check.place, path) ? [check] : []));
  return checks.map(({ tool }) => step(owner, `have ${tool} check ${path}`, { forward: [{ kind: 'check-file', tool, path }], inverse: [] }));
}

function lastStep(owner: Owner, title: string, operation: Operation): Step {
  return { ...step(owner, title, { forward: [], inverse: [] }), final: [operation] };
}

/** Programs that read the folders of these files. */
function reloads(files: readonly StoredFile[]): readonly (readonly string[])[] {
  const concerned = [...backEnds.values()].filter(({ places }) => files.some(({ path }) => places.some((place) => isAt(place, path))));
  return concerned.flatMap(({ reload }) => (reload === undefined ? [] : [reload]));
}

function writing({ host }: Owner, wanted: StoredFile, found: StoredFile | undefined): PlannedChange {
  const object = `file ${wanted.path}`;
  return found === undefined ? { host, action: 'add', object } : { host, action: 'change', object, differences: contentDifferences(found, wanted) };
}

function removing({ host }: Owner, { path }: StoredFile): PlannedChange {
  return { host, action: 'remove', object: `file ${path}` };
}

function isSame(wanted: StoredFile, found: StoredFile | undefined): boolean {
  return found !== undefined && contentDifferences(found, wanted).length === 0;
}

/** Enough of the lines that differ to see what it is about. */
const MOST_LINES = 3;

function contentDifferences(found: StoredFile, wanted: StoredFile): readonly Difference[] {
  if (found.kind === 'symlink' || wanted.kind === 'symlink') {
    const [from, to] = [found, wanted].map((file) => (file.kind === 'symlink' ? file.target : 'a file'));
    return from === to ? [] : [difference('target', from, to)];
  }
  const modes = found.mode === wanted.mode ? [] : [difference('mode', found.mode, wanted.mode)];
  return found.text === wanted.text ? modes : [...modes, ...lineDifferences(found.text.split('\n'), wanted.text.split('\n'))];
}

function lineDifferences(found: readonly string[], wanted: readonly string[]): readonly Difference[] {
  const gone = found.filter((line) => !wanted.includes(line));
  const fresh = wanted.filter((line) => !found.includes(line));
  const lines = Array.from({ length: Math.max(gone.length, fresh.length) }, (_, index) => difference('line', gone[index], fresh[index]));
  return lines.length === 0 ? [difference('order of lines', 'another', 'as written')] : lines.slice(0, MOST_LINES);
}

function difference(name: string, from: string | undefined, to: string | undefined): Difference {
  return { name, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
