import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { linksBetween } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { modes, shadowOf } from '../modes/index.ts';

/** A device of another mode between the same outer addresses, where the kernel gives to one of the two what is for the other. */
export function shadowConflicts({ host, device, mode, local, remote }: Endpoint, { links }: ObservedHost): readonly Problem[] {
  const hasRival = [...modes.keys()].some((other) => shadowOf(mode, other) !== undefined);
  return (hasRival ? linksBetween(links, local, remote) : []).flatMap((other) => {
    const shadow = other.mode === undefined || other.device === device ? undefined : shadowOf(mode, other.mode);
    if (shadow === undefined) return [];
    return [
      {
        code: 'plan.identity-in-use',
        host,
        message: `${other.device} is a tunnel of mode ${other.mode} from ${local} to ${remote} too, and of the two ${shadow} gets the other’s packets and drops them`,
        hint: 'Give one of them other outer addresses, or use a mode with GRE beside it.',
      },
    ];
  });
}
