import type { Diagnostic, Place } from '../domain/diagnostic.ts';
import type { Report } from './problem.ts';
import { type Located, positionOf } from './source.ts';

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
  const byFile = (order.get(one.file) ?? order.size) - (order.get(other.file) ?? order.size);
  return byFile || one.line - other.line || one.column - other.column;
}

/** Of the many tunnels of a mesh, what is wrong with all of them is told once at each place. */
export function onceAMesh(meshes: readonly Located[], report: Report): Report {
  const told = new Set<string>();
  const stretches = meshes.map(({ source, start, end }) => ({
    file: source.path,
    from: positionOf(source, start).line,
    to: positionOf(source, end).line,
  }));
  const isInMesh = ({ file, line }: Place) => stretches.some((stretch) => stretch.file === file && stretch.from <= line && line <= stretch.to);
  return (diagnostic) => {
    const { code, place } = diagnostic;
    if (place === undefined || !isInMesh(place)) return report(diagnostic);
    const id = `${code} ${place.file}:${place.line}:${place.column}`;
    if (!told.has(id)) report(diagnostic);
    told.add(id);
  };
}
