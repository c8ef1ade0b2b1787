import type { Diagnostic } from '../domain/diagnostic.ts';
import { annotateDiagnostics, isAnnotated } from '../ui/annotations.ts';
import { type Rendering, renderDiagnostics } from './render-diagnostics.ts';

/** Problems of the user's files for whoever reads stderr: a person, and GitHub Actions where it is one of its jobs. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], rendering: Rendering): string {
  return `${renderDiagnostics(diagnostics, rendering)}${isAnnotated(process.env) ? annotateDiagnostics(diagnostics) : ''}`;
}
