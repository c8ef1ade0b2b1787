import { bitsOf, familyOf } from '../domain/address.ts';
import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { Attributes } from '../domain/observed.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import type { Difference } from './change.ts';
import { type LinkRoute, weightOf } from './link-route.ts';

/** `10.0.0.1 peer 10.0.0.2`, or `10.0.0.1/24`, as ip-address(8) has it. */
export function addressText({ address, length, peer }: InnerAddress): string {
  const suffix = length === bitsOf(familyOf(address)) ? '' : `/${length}`;
  return peer === undefined ? `${address}/${length}` : `${address} peer ${peer}${suffix}`;
}

export function routeText({ to, device, table, metric, gateway, nexthops }: LinkRoute): string {
  const isDefaultMetric = metric === (familyOf(to) === 4 ? 0 : 1024);
  return [
    to,
    ...(nexthops === undefined ? [] : ['nexthop']),
    ...(gateway === undefined ? [] : ['via', gateway]),
    'dev',
    device,
    ...(nexthops === undefined ? [] : ['weight', String(weightOf({ device, nexthops }))]),
    ...(table === MAIN_TABLE ? [] : ['table', String(table)]),
    ...(isDefaultMetric ? [] : ['metric', String(metric)]),
  ].join(' ');
}

/** `net.ipv4.ip_forward` for `net/ipv4/ip_forward`, as sysctl(8) has it. */
export function sysctlName(path: string): string {
  return path.split('/').join('.');
}

/** Attribute by attribute, in the order of the wanted ones. */
export function differences(from: Attributes, to: Attributes): readonly Difference[] {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])];
  return names
    .filter((name) => from[name] !== to[name])
    .map((name) => ({
      name,
      ...(from[name] === undefined ? {} : { from: String(from[name]) }),
      ...(to[name] === undefined ? {} : { to: String(to[name]) }),
    }));
}

/** Every attribute as something that is being set. */
export function allAttributes(attributes: Attributes): readonly Difference[] {
  return differences({}, attributes);
}
