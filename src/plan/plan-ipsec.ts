import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import { AEAD, type IpsecPolicy, policySlot, policyText, reqidOf, type SecurityAssociation } from '../domain/ipsec.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { type EndAssociations, type NewAssociation, own, type Situated } from './associations.ts';
import type { PlannedChange } from './change.ts';
import { scopeOf, wantedPolicies } from './ipsec-wanted.ts';
import type { Operation, Step } from './operation.ts';
import { join, NOTHING, type Owner, type Part, step } from './part.ts';

/** What comes before the link is touched, so that it never sends clear text, and what comes after. */
export interface IpsecParts {
  readonly before: Part;
  readonly after: Part;
}

/**
 * What brings one end to encrypt its tunnel, or to leave off: associations, then policies.
 *
 * Where packets flow already, nothing is sent by a new association, and no policy asked for, before the peer has it too.
 */
export function planIpsec({ endpoint, observed }: Situated, associations: EndAssociations): IpsecParts {
  const owner = { host: endpoint.host, tunnel: endpoint.tunnel };
  const wanted = wantedPolicies(endpoint);
  const slots = new Set(wanted.map(policySlot));
  const gone = ownPolicies(owner, observed).filter((policy) => !slots.has(policySlot(policy)));
  return {
    before: join([
      planFresh(owner, endpoint, associations),
      planPolicies(owner, wanted, { endpoint, observed, hasFresh: associations.fresh !== undefined }),
    ]),
    after: join([removePolicies(owner, gone), removeAssociations(owner, associations)]),
  };
}

/** Takes away all that belongs to a tunnel; its link is gone by then. */
export function planIpsecRemoval(owner: Owner, observed: ObservedHost): Part {
  const surplus = own({ endpoint: owner, observed });
  return join([removePolicies(owner, ownPolicies(owner, observed)), removeAssociations(owner, { surplus })]);
}

function planFresh({ host, tunnel }: Owner, endpoint: Endpoint, { fresh, surplus }: EndAssociations): Part {
  if (fresh === undefined) return NOTHING;
  const scope = scopeOf(endpoint);
  const add = ({ association, key }: NewAssociation, title: string): Step =>
    step({ host, tunnel }, title, {
      forward: [{ kind: 'add-association', association, scope, key }],
      inverse: [{ kind: 'delete-association', association }],
    });
  const outbound = add(fresh.out, `add security association to ${endpoint.remote}`);
  return {
    changes: [keysOf(endpoint, surplus)],
    steps: [add(fresh.in, `add security association from ${endpoint.remote}`), surplus.length === 0 ? outbound : { ...outbound, waitsForPeer: true }],
  };
}

/** Numbers are drawn anew by the run that acts, so the plan does not show them. */
function keysOf({ host, remote }: Endpoint, surplus: readonly SecurityAssociation[]): PlannedChange {
  const object = `security associations with ${remote}`;
  const cipher = { name: 'aead', to: `${AEAD} 256` };
  return surplus.length === 0
    ? { host, action: 'add', object, differences: [cipher] }
    : { host, action: 'replace', object, differences: [{ name: 'keys', to: 'new' }] };
}

interface PolicySituation extends Situated {
  readonly hasFresh: boolean;
}

function planPolicies(owner: Owner, wanted: readonly IpsecPolicy[], { endpoint, observed, hasFresh }: PolicySituation): Part {
  const present = new Map(ownPolicies(owner, observed).map((policy) => [policySlot(policy), policy]));
  const isLive = hasFresh && linkOn(observed.links, endpoint.device)?.isUp === true;
  const parts = wanted.map((policy): Part => {
    const found = present.get(policySlot(policy));
    if (found === undefined) return addPolicy(owner, policy, isLive);
    return policyText(found) === policyText(policy) ? NOTHING : changePolicy(owner, policy, found);
  });
  return join(parts);
}

function addPolicy(owner: Owner, policy: IpsecPolicy, isLive: boolean): Part {
  const added = step(owner, `add ${wordsOf(policy)}`, {
    forward: [{ kind: 'add-policy', policy }],
    inverse: [{ kind: 'delete-policy', policy }],
  });
  return {
    changes: [{ host: owner.host, action: 'add', object: wordsOf(policy) }],
    steps: [isLive ? { ...added, waitsForPeer: true } : added],
  };
}

function changePolicy(owner: Owner, policy: IpsecPolicy, found: IpsecPolicy): Part {
  return {
    changes: [
      { host: owner.host, action: 'change', object: wordsOf(policy), differences: [{ name: 'by', from: policyText(found), to: policyText(policy) }] },
    ],
    steps: [
      step(owner, `change ${wordsOf(policy)}`, {
        forward: [{ kind: 'change-policy', policy }],
        inverse: [{ kind: 'change-policy', policy: found }],
      }),
    ],
  };
}

/** Inbound ones first: then what the peer already sends in clear text is taken. */
function removePolicies(owner: Owner, gone: readonly IpsecPolicy[]): Part {
  const ordered = [...gone.filter(({ direction }) => direction !== 'out'), ...gone.filter(({ direction }) => direction === 'out')];
  return {
    changes: ordered.map((policy) => ({ host: owner.host, action: 'remove', object: wordsOf(policy) })),
    steps: ordered.map((policy) =>
      step(owner, `remove ${wordsOf(policy)}`, { forward: [{ kind: 'delete-policy', policy }], inverse: [{ kind: 'add-policy', policy }] }),
    ),
  };
}

/** Last of all, when nothing can be taken back any more: no way back could write their keys again. */
function removeAssociations(owner: Owner, { fresh, surplus }: EndAssociations): Part {
  if (surplus.length === 0) return NOTHING;
  const final = surplus.map((association): Operation => ({ kind: 'delete-association', association }));
  const change = { host: owner.host, action: 'remove', object: `security associations of ${owner.tunnel}` } as const;
  return {
    changes: fresh === undefined ? [change] : [],
    steps: [{ ...step(owner, 'remove old security associations in the end', { forward: [], inverse: [] }), final }],
  };
}

function ownPolicies({ tunnel }: Owner, { policies }: ObservedHost): readonly IpsecPolicy[] {
  return policiesOf(policies, String(reqidOf(tunnel)));
}

const policiesOf = indexed(({ path }: IpsecPolicy) => [String(path?.reqid)]);

/** `policy out 30.1.1.1/32 to 30.1.1.2/32 proto 47` */
function wordsOf({ direction, from, to, protocol, port, mark }: IpsecPolicy): string {
  return [
    `policy ${direction} ${from} to ${to}`,
    ...(protocol === undefined ? [] : [`proto ${protocol}`]),
    ...(port === undefined ? [] : [`port ${port}`]),
    ...(mark === undefined ? [] : [`mark ${mark}`]),
  ].join(' ');
}
