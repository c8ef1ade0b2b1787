import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { ROUTE_PROTOCOL } from '../domain/route.ts';
import type { TunnelEnd } from '../domain/tunnel.ts';
import { removed } from './carry-over.ts';
import { sysctlName } from './describe.ts';
import { releaseOf } from './forwarding.ts';
import { planPortRelease } from './fou-port.ts';
import { type LinkRoute, routesToRestore } from './link-route.ts';
import { clampsOf, planClamp } from './mss-clamp.ts';
import type { Step } from './operation.ts';
import { type ForwardingMark, parseAlias } from './ownership.ts';
import { join, NOTHING, type Owner, type Part, step } from './part.ts';
import { planFiles } from './plan-files.ts';
import { planIpsecRemoval } from './plan-ipsec.ts';
import { restoreLink, routesLeftWithout, whyNotRestorable } from './restore.ts';
import { leaveShares } from './shares.ts';

export interface Removal extends Part {
  readonly problems: readonly Problem[];
}

/** Takes one end of a tunnel away: its link, what protected it, forwarding where no other link of tunorch needs it, and its files. */
export function planRemoval(owner: Owner, { device }: TunnelEnd, observed: ObservedHost): Removal {
  const found = linkOn(observed.links, device);
  const ipsec = planIpsecRemoval(owner, observed);
  const files = planFiles(owner, [], observed);
  const clamp = planClamp(owner, device, {
    wanted: undefined,
    observed: { ...observed, clamps: clampsOf(observed.clamps, owner.tunnel) },
  });
  if (found === undefined) return { ...join([clamp, ipsec, files]), problems: [] };
  const ownership = parseAlias(found.alias);
  if (ownership?.tunnel !== owner.tunnel) return { ...NOTHING, problems: [foreign(owner, device, found.alias)] };
  const obstacle = whyNotRestorable(found, observed);
  if (obstacle !== undefined) return { ...NOTHING, problems: [notRestorable(owner, device, obstacle)] };
  const link: Part = {
    changes: [{ host: owner.host, action: 'remove', object: `link ${device}` }, ...goneWith(found, observed).map(removed(owner))],
    steps: [
      step(owner, `delete link ${device}`, {
        forward: [...leaveShares(device, observed), { kind: 'delete-link', device, alias: found.alias ?? '' }],
        inverse: restoreLink(found, observed),
      }),
    ],
  };
  const port = planPortRelease(owner, ownership.fouPort, undefined);
  return { ...join([clamp, link, ipsec, releaseForwarding(owner, ownership.marks), port, files]), problems: [] };
}

/** What others wrote and the link takes along: the plan names it, since `down` promises to touch only what tunorch made. */
function goneWith(found: ObservedLink, observed: ObservedHost): readonly LinkRoute[] {
  const others = routesToRestore(found.device, observed.routes).filter(({ protocol }) => protocol !== ROUTE_PROTOCOL);
  return [...others, ...routesLeftWithout(found, observed)];
}

/** The host decides at that moment whether another link still needs it, since tunnels commit one by one. */
function releaseForwarding(owner: Owner, marks: readonly ForwardingMark[]): Part {
  const releases = marks.map(releaseOf);
  return {
    changes: releases.map(({ path }) => ({
      host: owner.host,
      action: 'change',
      object: `sysctl ${sysctlName(path)}`,
      differences: [{ name: 'value', from: '1', to: '0 once no tunnel needs it' }],
    })),
    steps: releases.map(
      (release): Step =>
        step(owner, `set sysctl ${sysctlName(release.path)} back to 0 once no tunnel needs it`, {
          forward: [release],
          inverse: [{ kind: 'set-sysctl', path: release.path, value: '1' }],
        }),
    ),
  };
}

export function foreign({ host, tunnel }: Owner, device: string, alias: string | undefined): Problem {
  const owner = parseAlias(alias)?.tunnel;
  const whose = owner === undefined ? 'it does not carry tunorch’s mark' : `it belongs to the tunnel ${owner}`;
  return {
    code: 'plan.foreign-device',
    host,
    message: `${device} exists and is not the tunnel ${tunnel}: ${whose}`,
    hint: `Choose another device for ${tunnel}; take ${device} over with --adopt (\`plan --adopt\` shows what would change); or remove it by hand.`,
  };
}

export function notRestorable({ host }: Owner, device: string, obstacle: string): Problem {
  return {
    code: 'plan.not-restorable',
    host,
    message: `${device} would have to be deleted, and a rollback could not bring back ${obstacle}`,
    hint: `Remove what cannot be brought back first, or change ${device} by hand.`,
  };
}
