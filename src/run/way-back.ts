import type { PlannedChange } from '../plan/change.ts';
import type { Operation, Step } from '../plan/operation.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { inverseOperations } from '../script/inverse.ts';
import { hostsOf } from './groups.ts';

/**
 * The plan that brings back what a committed one changed: on each host its inverse, whose own inverse is what was done before.
 *
 * It has no endpoints, as a removal has none: whether the old state carries packets is not asked, only that it is there again.
 */
export function wayBack({ tunnel, steps, changes }: TunnelPlan): TunnelPlan {
  return {
    tunnel,
    changes: changes.toReversed().flatMap(reversed),
    steps: hostsOf([tunnel]).flatMap((host) =>
      stepBack(
        host,
        tunnel.name,
        steps.filter((step) => step.host === host),
      ),
    ),
    problems: [],
  };
}

function stepBack(host: string, tunnel: string, steps: readonly Step[]): readonly Step[] {
  const forward = inverseOperations(steps);
  if (forward.length === 0) return [];
  const inverse = steps.flatMap((step) => step.forward.filter(isWritable));
  return [
    {
      host,
      tunnel,
      title: `bring ${tunnel} back to what it was`,
      forward,
      inverse,
      final: steps.flatMap(({ final = [] }) => final.flatMap(unplaced)),
    },
  ];
}

/** Keys are never in a journal, and files that were placed go in the end. */
function isWritable({ kind }: Operation): boolean {
  return kind !== 'add-association' && kind !== 'stage-file';
}

/** What would bring the new state back at boot goes; the next `up` writes what the old one needs. */
function unplaced(operation: Operation): readonly Operation[] {
  if (operation.kind === 'place-file') return [{ kind: 'remove-file', path: operation.path }];
  return operation.kind === 'reload' ? [operation] : [];
}

const OPPOSITE = { add: 'remove', remove: 'add', change: 'change', replace: 'replace', run: 'run' } as const;

/** A loaded module stays. */
function reversed({ host, action, object, differences = [] }: PlannedChange): readonly PlannedChange[] {
  if (action === 'load') return [];
  const swapped = differences.map(({ name, from, to }) => ({
    name,
    ...(to === undefined ? {} : { from: to }),
    ...(from === undefined ? {} : { to: from }),
  }));
  return [{ host, action: OPPOSITE[action], object, ...(action === 'add' || swapped.length === 0 ? {} : { differences: swapped }) }];
}
