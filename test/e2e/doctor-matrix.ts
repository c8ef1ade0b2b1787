import type { Finding } from '../../src/run/events.ts';
import { rewriteTable } from './readme-table.ts';

const HEAD = '| made wrong | cause | found first | host | rule | cured |\n|---|---|---|---|---|---|';
const NONE = '–';

type Cells = Record<'cause' | 'found' | 'host' | 'rule' | 'cured', string>;

/** What became of one trouble; begins as not found. */
export interface MatrixRow {
  /** The finding that came first; of a pair, each in its turn. */
  found(finding: Finding | undefined): void;
  cured(words: string): void;
}

const rows = new Map<string, Cells>();

export function matrixRow({ title, cause }: { readonly title: string; readonly cause: string }): MatrixRow {
  const cells: Cells = { cause, found: 'no', host: NONE, rule: NONE, cured: 'no' };
  const seen: Finding[] = [];
  const joined = (words: readonly (string | undefined)[]) => words.map((word) => word ?? NONE).join(' + ');
  rows.set(title, cells);
  return {
    found(finding) {
      if (finding !== undefined) seen.push(finding);
      const isComplete =
        seen
          .map((one) => one.cause)
          .toSorted()
          .join() === cause.split(' + ').toSorted().join();
      cells.found = isComplete ? 'yes' : `${joined(seen.map((one) => one.cause)) || 'nothing'}`;
      cells.host = joined(seen.map((one) => one.host ?? 'between'));
      const rules = seen.flatMap(({ cause: name, message }) =>
        /firewall|stale|nat/.test(name) ? (/«[^»]*»|the policy of .*$/.exec(message) ?? []) : [],
      );
      cells.rule = rules.length === 0 ? NONE : rules.map((rule) => `\`${rule.replaceAll(/[«»]/g, '').replaceAll('|', '\\|')}\``).join(' + ');
    },
    cured(words) {
      cells.cured = words;
    },
  };
}

/** Prints what this file's troubles came to, and with UPDATE_GOLDEN writes it into test/README.md in place of what stood there of them. */
export async function tellMatrix(): Promise<void> {
  process.stdout.write(`\n${HEAD}\n${[...rows].map(rowText).join('\n')}\n`);
  if (process.env.UPDATE_GOLDEN !== '1') return;
  await rewriteTable('diagnoses', (table) => {
    const lines = table.split('\n').slice(2);
    const fresh = new Map([...rows].map((row) => [row[0], rowText(row)]));
    const kept = lines.map((line) => {
      const title = line.split(' | ')[0]?.slice(2) ?? '';
      const text = fresh.get(title) ?? line;
      fresh.delete(title);
      return text;
    });
    return [HEAD, ...kept, ...fresh.values()].join('\n');
  });
}

function rowText([title, { cause, found, host, rule, cured }]: readonly [string, Cells]): string {
  return `| ${[title, cause, found, host, rule, cured].join(' | ')} |`;
}
