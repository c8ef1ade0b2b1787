import { commandsOf, typedCommand } from '../plan/commands.ts';
import type { Operation, Step } from '../plan/operation.ts';
import { undoCommandLine } from '../plan/run-command.ts';
import { policyQuestion } from '../plan/xfrm-commands.ts';
import { quote, quoteAll } from '../shell/quote.ts';

/**
 * The operations that undo a tunnel's steps on one host, in the order they are to run.
 *
 * What is done to a link that is deleted anyway is left out, but for its share of a route that other links carry too; forwarding
 * and ports are released last, when the link with its mark is gone. Each one does no harm where its step never ran, so that a
 * rollback needs no knowledge of how far the apply came.
 */
export function inverseOperations(steps: readonly Step[]): readonly Operation[] {
  const reversed = steps.toReversed().flatMap(({ inverse }) => inverse);
  const all = [...reversed.filter((one) => !isRelease(one)), ...reversed.filter(isRelease)];
  return all.filter(
    (operation, index) =>
      !all.slice(index).some((later) => later.kind === 'delete-link' && later !== operation && deviceOf(operation) === later.device),
  );
}

function isRelease({ kind }: Operation): boolean {
  return kind === 'release-forwarding' || kind === 'release-port';
}

/** One guarded line of shell: a link is deleted only while it carries our mark, and made only where its name is free. */
export function inverseLine(operation: Operation): string {
  if (operation.kind === 'add-association') throw new Error('a key would be written to disk');
  const line = commandsOf(operation)
    .map((command) => (command.tool === 'ip' ? `ip ${quoteAll(command.words)}` : command.line))
    .join(' && ');
  switch (operation.kind) {
    case 'delete-link':
      return `tunorch_owned ${quote(operation.device)} ${quote(operation.alias)} && ${line}`;
    case 'run-command':
      return undoCommandLine(operation);
    case 'delete-policy':
      return `ip ${quoteAll(policyQuestion(operation.policy))} 2>/dev/null | grep -q ${quote(`reqid ${operation.policy.path?.reqid ?? ''} `)} && ${line}`;
    case 'add-link':
      return `[ -e /sys/class/net/${quote(operation.link.device)} ] || { ${line}; }`;
    default:
      return line;
  }
}

/** What is done when a tunnel is kept for good, in the order of its steps. */
export function finalLines(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ final = [] }) => final.map(inverseLine));
}

/** A tunnel's steps once more, after they were undone. */
export function againLines(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ forward }) => forward.map(inverseLine));
}

/** What is left to type when a rollback did not finish. */
export function inverseCommands(steps: readonly Step[]): readonly string[] {
  return inverseOperations(steps).map(typedCommand);
}

function deviceOf(operation: Operation): string | undefined {
  if ('device' in operation) return operation.device;
  const isRoute = operation.kind === 'add-route' || operation.kind === 'delete-route';
  return isRoute && operation.route.nexthops === undefined ? operation.route.device : undefined;
}
