import { type IpAddress, rangeOf } from '../../domain/address.ts';
import { type Problem, problemAt } from '../problem.ts';
import { type EndView, nameOf } from './end-view.ts';
import { compare, type InnerRange } from './inner-ranges.ts';
import type { Check } from './landscape.ts';

/** An outer address that packets of one end are sent to or from. */
interface OuterPoint {
  readonly value: bigint;
  readonly address: IpAddress;
  readonly view: EndView;
  readonly role: 'local' | 'remote';
}

/**
 * Inner networks that hold an outer address: the outer packets would be sent into a tunnel themselves.
 *
 * A tunnel inside another is no such loop: its outer addresses are inner addresses of the other one.
 */
export const checkInnerAgainstUnderlay: Check = ({ endsByHost, innerByHost }, report) => {
  for (const [host, views] of endsByHost) {
    const points = views.flatMap(pointsOf).sort((one, other) => compare(one.value, other.value));
    for (const range of innerByHost.get(host) ?? []) {
      const point = pointsIn(points, range).find((one) => !isNested(one, range));
      if (point !== undefined) report(problemAt(range.written.at, inUnderlay(range, point)));
    }
  }
};

/** Inner networks that hold the address tunorch connects to. */
export const checkInnerAgainstSsh: Check = ({ innerByHost, sshByHost }, report) => {
  for (const [host, ranges] of innerByHost) {
    const address = sshByHost.get(host);
    if (address === undefined) continue;
    const { family, first } = rangeOf(address);
    const covering = ranges.filter((range) => range.family === family && range.first <= first && first <= range.last);
    for (const range of covering.filter(({ view }) => view.local !== address)) {
      const message = `${nameOf(range.view)}: ${range.text} holds ${address}, by which tunorch connects to ${host}`;
      const hint = 'Choose an inner network that has nothing to do with the network the hosts are managed by.';
      report(problemAt(range.written.at, { code: 'inventory.address-in-ssh-path', message, hint }));
    }
  }
};

function pointsOf(view: EndView): readonly OuterPoint[] {
  const addresses = [
    ['local', view.local],
    ['remote', view.remote],
  ] as const;
  return addresses.flatMap(([role, address]) => (address === undefined ? [] : [{ value: rangeOf(address).first, address, view, role }]));
}

/** The points of a range, found by halving: hubs have thousands. */
function pointsIn(points: readonly OuterPoint[], { first, last, text }: InnerRange): readonly OuterPoint[] {
  let [from, to] = [0, points.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((points[middle]?.value ?? last) < first) from = middle + 1;
    else to = middle;
  }
  const found: OuterPoint[] = [];
  for (let point = points[from]; point !== undefined && point.value <= last; point = points[++from]) {
    if (point.address.includes(':') === text.includes(':')) found.push(point);
  }
  return found;
}

function isNested({ view }: OuterPoint, range: InnerRange): boolean {
  if (view.end === range.view.end) return false;
  return view.local === undefined || range.view.end.addresses.some(({ value }) => value.address === view.local);
}

function inUnderlay(range: InnerRange, { address, role, view }: OuterPoint): Problem {
  const message = `${nameOf(range.view)}: ${range.text} holds ${address}, the ${role} outer address of tunnel ${view.tunnel.name}`;
  return {
    code: 'inventory.address-in-underlay',
    message,
    hint: 'Choose an inner network apart from the underlay: the outer packets would go into the tunnel.',
  };
}
