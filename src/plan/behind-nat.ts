import type { Endpoint } from '../domain/endpoint.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { Operation, Step } from './operation.ts';
import { type Part, step } from './part.ts';

interface End {
  readonly endpoint: Endpoint;
  readonly part: Part;
}

/**
 * Has the end behind a translating router send first, and its peer come up after that.
 *
 * A packet from outside to a port the router has not opened yet makes an entry for the router itself; the first packet from
 * inside would have the same answers, so the router gives it another port, and the peer's packets never arrive
 * (net/netfilter/nf_nat_core.c, nf_nat_used_tuple()). With UDP's time-out renewed by each packet it stays so while the peer sends.
 */
export function fromBehindNat({ endpoints }: Tunnel, ends: readonly [End, End]): readonly [Part, Part] {
  const [first, second] = ends;
  const [isFirstBehind, isSecondBehind] = endpoints.map((end) => end.public !== undefined);
  if (first.endpoint.encap === undefined || isFirstBehind === isSecondBehind) return [first.part, second.part];
  return isFirstBehind ? inTurn(first, second) : (inTurn(second, first).toReversed() as [Part, Part]);
}

function inTurn(behind: End, outside: End): [Part, Part] {
  const speaks = outside.part.steps.findIndex(({ forward }) => forward.some(startsToSend));
  if (speaks < 0) return [behind.part, outside.part];
  const waiting = outside.part.steps.map((one, index) => (index === speaks ? { ...one, waitsForPeer: true as const } : one));
  return [
    { ...behind.part, steps: withCall(behind.part.steps, callOf(behind.endpoint, outside.endpoint)) },
    { ...outside.part, steps: waiting },
  ];
}

function startsToSend(operation: Operation): boolean {
  return operation.kind === 'change-link' || (operation.kind === 'set-state' && operation.state === 'up');
}

/** Without an address the link still says of its own accord that it is there. */
function callOf({ host, tunnel, device }: Endpoint, { addresses }: Endpoint): readonly Step[] {
  const address = addresses[0]?.address;
  if (address === undefined) return [];
  return [
    step({ host, tunnel }, `send to ${address}, for the router to open the port`, { forward: [{ kind: 'call', device, address }], inverse: [] }),
  ];
}

function withCall(steps: readonly Step[], call: readonly Step[]): readonly Step[] {
  const waiting = steps.findIndex(({ waitsForPeer }) => waitsForPeer === true);
  const split = waiting < 0 ? steps.length : waiting;
  return [...steps.slice(0, split), ...call, ...steps.slice(split)];
}
