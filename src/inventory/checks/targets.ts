import { contains } from '../../domain/address.ts';
import { problemAt } from '../problem.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import type { Check } from './landscape.ts';

/** What is to answer through the tunnel has to be where the tunnel leads. */
export const checkTargets: Check = ({ tunnels }, report) => {
  for (const { targets, ends, name } of tunnels) {
    const reached = ends.flatMap(prefixesOf);
    for (const { value, at } of targets.filter((target) => !reached.some((prefix) => contains(prefix, target.value)))) {
      const message = `no route of tunnel ${name} leads to the target ${value}`;
      const hint = 'Write the network it is in as `networks` of the endpoint it is behind, or remove it; the inner addresses are asked anyway.';
      report(problemAt(at, { code: 'inventory.unrouted-target', message, hint }));
    }
  }
};

function prefixesOf({ networks, routes }: EndDraft) {
  return [...networks.map(({ value }) => value), ...routes.map(({ value }) => value.to)];
}
