import { quoteAll } from '../shell/quote.ts';
import type { Operation } from './operation.ts';

type RunCommand = Extract<Operation, { readonly kind: 'run-command' }>;

/**
 * A command of a playbook as the host runs it: with a time limit, no input, and none of the run's open files, which a program that
 * stays behind would hold. That it was begun is written down first, for {@link undoCommandLine}.
 */
export function commandLine(operation: RunCommand): string {
  return `true >${mark(operation)} && ${call(operation)}`;
}

/** Only where the command was begun: a rollback runs whole, however far the apply came. */
export function undoCommandLine(operation: RunCommand): string {
  return `[ ! -e ${mark(operation)} ] || ${call(operation)}`;
}

/** How a person would type it. */
export function typedRunCommand({ command, environment }: RunCommand): string {
  return quoteAll(['env', ...variables(environment), 'sh', '-c', command]);
}

function call({ command, seconds, environment }: RunCommand): string {
  return `${quoteAll(['env', ...variables(environment), 'timeout', String(seconds), 'sh', '-c', command])} </dev/null 8<&- 9>&-`;
}

function variables(environment: RunCommand['environment']): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/** Beside the files that say how each tunnel stands; no state ends in `.ran`. */
function mark({ id }: RunCommand): string {
  return `"$tunorch_run"/${quoteAll([`${id}.ran`])}`;
}
