import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import { type IpsecPolicy, policySlot, reqidOf } from '../domain/ipsec.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import { linksBetween } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { modeOf } from '../modes/index.ts';
import { wouldMeet } from '../modes/outer-protocols.ts';
import { wantedPolicies } from './ipsec-wanted.ts';

/** What on the host would be cut off by the policies of this end, or stands in their place. */
export function ipsecConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  return endpoint.ipsec === true ? [...foreignPolicies(endpoint, observed), ...sharedPaths(endpoint, observed)] : [];
}

function foreignPolicies(endpoint: Endpoint, { policies }: ObservedHost): readonly Problem[] {
  const slots = wantedPolicies(endpoint).map(policySlot);
  const foreign = policiesAt(policies, ...slots).find(({ path }) => path?.reqid !== reqidOf(endpoint.tunnel));
  if (foreign === undefined) return [];
  return [
    {
      code: 'plan.foreign-policy',
      host: endpoint.host,
      message: `an IPsec policy ${foreign.direction} from ${foreign.from} to ${foreign.to} is there already, and not from this tunnel`,
      hint: 'Remove it (`ip xfrm policy` shows it), stop the IKE daemon that made it, or leave the protection to it: `ipsec: false`.',
    },
  ];
}

const policiesAt = indexed((policy: IpsecPolicy) => [policySlot(policy)]);

function sharedPaths(endpoint: Endpoint, { links }: ObservedHost): readonly Problem[] {
  const { local, remote, device, host } = endpoint;
  const other = linksBetween(links, local, remote).find((link) => link.device !== device && isCutOff(endpoint, link));
  if (other === undefined) return [];
  return [
    {
      code: 'plan.ipsec-shared',
      host,
      message: `${other.device} also goes from ${local} to ${remote}, and the policies of ${device} would be for its packets too`,
      hint: 'Remove that device, or give one of the two other outer addresses or a mode of another protocol.',
    },
  ];
}

function isCutOff({ mode, ...options }: Endpoint, link: ObservedLink): boolean {
  if (link.mode === undefined) return false;
  const { proto, dstport } = link.attributes;
  const theirs = { ...(typeof proto === 'string' ? { proto } : {}), ...(typeof dstport === 'number' ? { port: dstport } : {}) };
  return wouldMeet(modeOf(mode).protocols(options), modeOf(link.mode).protocols(theirs));
}
