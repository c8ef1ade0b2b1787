import type { Diagnostic } from '../../domain/diagnostic.ts';
import { checkShape } from '../check-schema.ts';
import { lineOf, problemAt, type Report } from '../problem.ts';
import type { InventoryFile } from '../reading.ts';
import { collectReports } from '../reports.ts';
import type { Located } from '../source.ts';
import { childOf, entriesOf, isLiteral, keyAt, type Scalar, type Tree } from '../tree.ts';
import { numberIn, textIn } from '../tunnels/read-fields.ts';
import { validatePlaybook } from '../validator.generated.js';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { Condition } from './condition.ts';
import { parseCondition } from './parse-condition.ts';
import type { BatchSize, OnFailure, Play, Playbook, PlayStep } from './playbook.ts';
import { COMMAND_SECONDS, WORD_STEPS } from './playbook-schema.ts';
import { playbookWords } from './playbook-words.ts';

export interface PlaybookReading {
  /** Absent when any diagnostic is an error. */
  readonly playbook?: Playbook;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a playbook: what is to be done, or every reason why that cannot be told. */
export function readPlaybook(file: InventoryFile): PlaybookReading {
  const { report, diagnostics } = collectReports([file.path]);
  const root = parseYaml(file, report);
  if (root === undefined) return { diagnostics: diagnostics().map(asOfPlaybook) };
  checkShape(root, { validate: validatePlaybook, wordsOf: playbookWords }, report);
  const trees = root.kind === 'sequence' ? root.entries : [];
  reportTemplates(root, report);
  reportDuplicates(trees, report);
  const plays = trees.map((tree) => readPlay(tree, report));
  const found = diagnostics().map(asOfPlaybook);
  return { ...(found.length > 0 ? {} : { playbook: { path: file.path, plays } }), diagnostics: found };
}

/** A playbook is read by the same means as an inventory; its codes say which of the two they are about. */
function asOfPlaybook(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, code: diagnostic.code.replace(/^inventory\./, 'playbook.') };
}

function readPlay(tree: Tree, report: Report): Play {
  const steps = childOf(tree, 'steps');
  const optional = (name: 'tunnels' | 'hosts') => present(name, textIn(tree, name)?.value);
  return {
    name: textIn(tree, 'name')?.value ?? '',
    ...optional('tunnels'),
    ...optional('hosts'),
    serial: sizesIn(childOf(tree, 'serial')),
    maxFailPercent: numberIn(tree, 'max_fail_percentage')?.value ?? 100,
    anyErrorsFatal: isTrue(childOf(tree, 'any_errors_fatal')),
    onFailure: (textIn(tree, 'on_failure')?.value ?? 'stop') as OnFailure,
    ...present('when', conditionIn(tree, report)),
    steps: (steps?.kind === 'sequence' ? steps.entries : []).flatMap((step) => readStep(step, report) ?? []),
  };
}

function readStep(tree: Tree, report: Report): PlayStep | undefined {
  if (tree.kind === 'scalar') return readWordStep(tree, report);
  const keys = entriesOf(tree).map(({ key }) => key);
  const [kind, another] = keys.filter(({ text }) => isKind(text));
  // A key that nobody knows was reported, and may be the missing one.
  if (kind === undefined && keys.some(({ text }) => text !== 'name' && text !== 'when')) return undefined;
  if (kind === undefined || another !== undefined) {
    const message = kind === undefined ? 'this step does nothing' : `this step is two: ${kind.text} and ${another?.text}`;
    report(problemAt(another ?? tree, { code: 'inventory.step-count', message, hint: `Write one of ${KINDS.join(', ')}.` }));
    return undefined;
  }
  const shared = { name: textIn(tree, 'name')?.value ?? kind.text, ...present('when', conditionIn(tree, report)) };
  const value = childOf(tree, kind.text);
  if (kind.text === 'run') return { ...shared, ...runOf(value ?? tree) };
  if (kind.text === 'pause') return { ...shared, ...pauseOf(value) };
  return { ...shared, kind: kind.text as (typeof WORD_STEPS)[number] };
}

const KINDS: readonly string[] = [...WORD_STEPS, 'pause', 'run'];

function isKind(word: string): boolean {
  return KINDS.includes(word);
}

function readWordStep(tree: Scalar, report: Report): PlayStep | undefined {
  const kind = WORD_STEPS.find((word) => word === tree.value);
  if (kind !== undefined) return { name: kind, kind };
  if (typeof tree.value === 'string') {
    const message = `«${tree.text}» is no step that needs nothing more`;
    report(
      problemAt(tree, {
        code: 'inventory.step-count',
        message,
        hint: `Write one of ${WORD_STEPS.join(', ')}, or «${isKind(tree.text) ? tree.text : 'run'}:» with what it needs.`,
      }),
    );
  }
  return undefined;
}

function runOf(tree: Tree) {
  const text = (name: string) => textIn(tree, name)?.value;
  return {
    kind: 'run',
    ...present('hosts', text('hosts')),
    command: text('command') ?? '',
    undo: text('undo') ?? '',
    seconds: numberIn(tree, 'seconds')?.value ?? COMMAND_SECONDS,
  } as const;
}

function pauseOf(tree: Tree | undefined) {
  const value = tree?.kind === 'scalar' ? tree.value : undefined;
  return {
    kind: 'pause',
    ...(typeof value === 'number' ? { seconds: value } : {}),
    ...(typeof value === 'string' ? { prompt: value } : {}),
  } as const;
}

function sizesIn(tree: Tree | undefined): readonly BatchSize[] {
  if (tree === undefined) return [];
  const entries = tree.kind === 'sequence' ? tree.entries : [tree];
  return entries.flatMap((entry): readonly BatchSize[] => {
    if (entry.kind !== 'scalar') return [];
    return typeof entry.value === 'number' ? [{ tunnels: entry.value }] : [{ percent: Number.parseInt(entry.text, 10) }];
  });
}

/** A fault inside a plain or quoted text of one line is shown where it is, else at the text. */
function conditionIn(tree: Tree, report: Report): Condition | undefined {
  const written = textIn(tree, 'when');
  if (written === undefined) return undefined;
  const parsed = parseCondition(written.value);
  if ('condition' in parsed) return parsed.condition;
  const { at, length, message, hint } = parsed.fault;
  report(problemAt(within(written.at, { text: written.value, at, length }), { code: 'inventory.condition', message, hint }));
  return undefined;
}

function within(where: Located, { text, at, length }: { readonly text: string; readonly at: number; readonly length: number }): Located {
  const from = where.source.text.indexOf(text, where.start);
  if (from === -1 || from > where.end) return where;
  return { source: where.source, start: from + at, end: from + at + length };
}

function reportTemplates(tree: Tree, report: Report): void {
  if (tree.kind === 'scalar' && !isLiteral(tree)) {
    const hint = 'A playbook says what is done, not how to reach hosts: write the value itself, and secrets in the inventory.';
    report(problemAt(tree, { code: 'inventory.template', message: 'templates and values that are read late are not known here', hint }));
  }
  const below = tree.kind === 'sequence' ? tree.entries : entriesOf(tree).map(({ value }) => value);
  for (const one of below) reportTemplates(one, report);
}

/** --start-at finds a play by its name. */
function reportDuplicates(plays: readonly Tree[], report: Report): void {
  const seen = new Map<string, Located>();
  for (const play of plays) {
    const name = textIn(play, 'name');
    const first = name === undefined ? undefined : seen.get(name.value);
    if (name === undefined) continue;
    if (first === undefined) seen.set(name.value, name.at);
    else report(problemAt(keyAt(play, ['name']), duplicatePlay(name.value, first)));
  }
}

function duplicatePlay(name: string, first: Located) {
  const message = `there is a play «${name}» already at ${lineOf(first)}`;
  return { code: 'inventory.duplicate-play', message, hint: 'Give each play a name of its own.' } as const;
}

function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === true;
}

function present<Name extends string, T>(name: Name, value: T | undefined): { readonly [Key in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: T };
}
