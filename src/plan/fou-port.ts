import { familyOf } from '../domain/address.ts';
import { type FouPort, isSamePort } from '../domain/encapsulation.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import { modeOf } from '../modes/index.ts';
import { parseAlias, portMark } from './ownership.ts';
import { NOTHING, type Owner, type Part, step } from './part.ts';

/** The port an endpoint receives on, where its packets come in UDP. */
function portFor(endpoint: Endpoint): FouPort | undefined {
  const { encap, local, mode } = endpoint;
  if (encap === undefined) return undefined;
  const protocol = encap.type === 'gue' ? 'gue' : modeOf(mode).encapsulated?.(endpoint);
  return protocol === undefined ? undefined : { port: encap.sourcePort, family: familyOf(local), protocol };
}

/**
 * What the endpoint's link has to remember: a port that was not there before tunorch, so that the last tunnel which needs it
 * takes it away. One that somebody else has opened is used and left.
 */
export function portMarkFor(endpoint: Endpoint, observed: ObservedHost): FouPort | undefined {
  const wanted = portFor(endpoint);
  if (wanted === undefined) return undefined;
  const isOurs = linksMarkedWith(observed.links, portMark(wanted)).length > 0;
  return isOurs || !isOpen(wanted, observed) ? wanted : undefined;
}

const linksMarkedWith = indexed(({ alias }: ObservedLink) => {
  const port = parseAlias(alias)?.fouPort;
  return port === undefined ? [] : [portMark(port)];
});

function isPort(one: FouPort | undefined, other: FouPort): boolean {
  return one !== undefined && isSamePort(one, other);
}

function isOpen(port: FouPort, { fouPorts }: ObservedHost): boolean {
  return fouPorts.some((found) => isSamePort(found, port));
}

/** Opens the port before there is a link that sends. */
export function planPort(owner: Owner, endpoint: Endpoint, observed: ObservedHost): Part {
  const port = portFor(endpoint);
  if (port === undefined || isOpen(port, observed)) return NOTHING;
  return {
    changes: [{ host: owner.host, action: 'add', object: portText(port) }],
    steps: [step(owner, `receive on ${portText(port)}`, { forward: [{ kind: 'open-port', port }], inverse: [{ kind: 'release-port', port }] })],
  };
}

/**
 * Closes the port a link received on that goes, or receives on another one from now on.
 *
 * It does so with the last word, when a tunnel of the same run that takes the port over has its link, and looks at that moment
 * whether one still needs it, since tunnels commit one by one.
 */
export function planPortRelease(owner: Owner, before: FouPort | undefined, after: FouPort | undefined): Part {
  if (before === undefined || isPort(after, before)) return NOTHING;
  const title = `${portText(before)} once no tunnel needs it`;
  return {
    changes: [{ host: owner.host, action: 'remove', object: title }],
    steps: [{ ...step(owner, `close ${title}`, { forward: [], inverse: [] }), final: [{ kind: 'release-port', port: before }] }],
  };
}

function portText({ port, protocol, family }: FouPort): string {
  return `${protocol === 'gue' ? 'gue' : 'fou'} port ${port}${protocol === 'gue' ? '' : ` for IP protocol ${protocol}`}${family === 6 ? ' over IPv6' : ''}`;
}

/** A port takes one protocol. */
export function portConflicts(endpoint: Endpoint, { fouPorts }: ObservedHost): readonly Problem[] {
  const wanted = portFor(endpoint);
  const other = fouPorts.find(({ port, family }) => port === wanted?.port && family === wanted.family);
  if (wanted === undefined || other === undefined || isSamePort(other, wanted)) return [];
  return [
    {
      code: 'plan.port-in-use',
      host: endpoint.host,
      message: `UDP port ${wanted.port} is open there as ${portText(other)}, and this tunnel needs ${portText(wanted)}`,
      hint: 'Give `encap` another port.',
    },
  ];
}
