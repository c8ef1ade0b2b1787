import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Report } from './problem.ts';

/** Collects problems of all files, each once: the vars of a group are read for every host of it. */
export function collectReports(paths: readonly string[]): { readonly report: Report; readonly diagnostics: () => readonly Diagnostic[] } {
  const found = new Map<string, Diagnostic>();
  const order = new Map(paths.map((path, index) => [path, index]));
  return {
    report: (diagnostic) => {
      const { code, message, place } = diagnostic;
      const id = JSON.stringify([code, message, place?.file, place?.line, place?.column]);
      if (!found.has(id)) found.set(id, diagnostic);
    },
    diagnostics: () => [...found.values()].sort((one, other) => byPlace(one, other, order)),
  };
}

function byPlace({ place: one }: Diagnostic, { place: other }: Diagnostic, order: ReadonlyMap<string, number>): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  const byFile = (order.get(one.file) ?? 0) - (order.get(other.file) ?? 0);
  return byFile || one.line - other.line || one.column - other.column;
}
