import { type ParsedNode, parseDocument, type YAMLError } from 'yaml';
import { type Problem, problemAt, type Report } from '../problem.ts';
import type { InventoryFile } from '../reading.ts';
import { positionOf, type Source, sourceOf } from '../source.ts';
import type { Tree } from '../tree.ts';
import { ansibleTags } from './ansible-tags.ts';
import { firstLine, foreignForm, pluginForm, vaultForm } from './foreign-form.ts';
import { treeOf } from './tree-of.ts';

/** What the parser's codes leave unsaid. */
const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs there.',
  BAD_INDENT: 'Bring this line to the indentation of its neighbours.',
  MISSING_CHAR: 'Close the quote, bracket or brace that was opened before.',
  MULTILINE_IMPLICIT_KEY: 'Put a colon after the key, or quotes around a text with special characters.',
  BLOCK_AS_IMPLICIT_KEY: 'Start nested values on a new line, indented, or quote the text.',
  MULTIPLE_DOCS: 'Keep one document a file: remove the second ---.',
};

/** JSON is YAML too, so the output of `ansible-inventory --list` has positions as well. */
export function parseYaml(file: InventoryFile, report: Report): Tree | undefined {
  const source = sourceOf(file);
  const document = parseDocument(file.text, {
    merge: true,
    // Checked while the tree is made: the parser's own check compares every key with every other.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: ansibleTags,
  });
  const problems = [...document.errors, ...document.warnings];
  const root = problems.length > 0 ? undefined : treeOf(source, document.contents as ParsedNode | null, report);
  const foreign = vaultForm(source) ?? (root === undefined || isBare(root) ? foreignForm(source) : pluginForm(root, file.path));
  if (foreign !== undefined) report(problemAt(firstLine(source), foreign));
  else
    for (const { code, message, pos } of firstOfLines(problems, source))
      report(problemAt({ source, start: pos[0], end: pos[1] }, wordsOf(code, message)));
  return foreign === undefined ? root : undefined;
}

/** Whether it has content that is no mapping. */
function isBare(root: Tree): boolean {
  return root.kind === 'sequence' || (root.kind === 'scalar' && root.value !== null);
}

/** One mistake makes the parser stumble several times in a line. */
function firstOfLines(problems: readonly YAMLError[], source: Source): readonly YAMLError[] {
  const byLine = new Map<number, YAMLError>();
  for (const found of problems) {
    const { line } = positionOf(source, found.pos[0]);
    if (!byLine.has(line)) byLine.set(line, found);
  }
  return [...byLine.values()];
}

function wordsOf(code: string, message: string): Problem {
  const [text = ''] = message.split('\n');
  const [, tag] = /^Unresolved tag: (\S+)/.exec(text) ?? [];
  if (code === 'TAG_RESOLVE_FAILED') {
    const hint = 'Only !env NAME and !file PATH are known. Quote the text if it begins with «!».';
    return { code: 'inventory.unknown-yaml-tag', message: tag === undefined ? text : `«${tag}» is an unknown tag`, hint };
  }
  return {
    code: 'inventory.yaml-syntax',
    message: text.replace(/:$/, ''),
    hint: HINTS[code] ?? 'Correct the YAML; nothing after this line was understood.',
  };
}
