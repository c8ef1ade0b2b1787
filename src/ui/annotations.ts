import type { Writable } from 'node:stream';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { stripControl } from '../domain/strip-control.ts';
import type { Problem, RunEvent } from '../run/events.ts';
import { problemTitle } from './problem-lines.ts';
import type { View } from './view.ts';

/** Whether somebody reads the log for workflow commands: GitHub Actions says so in every job. */
export function isAnnotated(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/** A view whose problems are annotations of GitHub Actions too, on stderr: they stand at the run, above its log. */
export function withAnnotations(view: View, stderr: Writable): View {
  const annotate = annotator();
  return {
    ...view,
    emit(event) {
      view.emit(event);
      for (const line of annotate(event)) stderr.write(`${line}\n`);
    },
  };
}

/** Workflow commands for each event. What a host's failure told is not told again for each of its tunnels. */
export function annotator(): (event: RunEvent) => readonly string[] {
  const told = new Set<string>();
  const once = (level: 'error' | 'warning', problem: Problem, title: string) => {
    const key = [problem.host, problem.code, problem.message].join('\n');
    if (told.has(key)) return [];
    told.add(key);
    return [command(level, { title }, `${problemTitle(problem)}\n${problem.hint}`)];
  };
  return (event) => {
    if (event.type === 'host-failed') return once('error', event, event.host);
    if (event.type === 'host-warning') return [command('warning', { title: event.host }, event.message)];
    if (event.type !== 'tunnel-finished') return [];
    const { tunnel, outcome, problems } = event.recap;
    return problems.flatMap((problem) => once(outcome === 'degraded' ? 'warning' : 'error', problem, tunnel));
  };
}

/** Problems of the user's files, at their lines. */
export function annotateDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, code, message, hint, place }) => {
      const where = place === undefined ? {} : { file: place.file, line: String(place.line), col: String(place.column) };
      return `${command(severity, { ...where, title: code }, `${message}\n${hint}`)}\n`;
    })
    .join('');
}

/** `::error file=a.yaml,line=3::message`, with what would end a value early written as the runner reads it. */
function command(level: 'error' | 'warning', properties: Readonly<Record<string, string>>, message: string): string {
  const words = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`);
  return `::${level} ${words.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return stripControl(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}
