import type { Cause } from '../finding.ts';
import { addressConflict } from './address-conflict.ts';
import { addressMissing } from './address-missing.ts';
import { asymmetricPath } from './asymmetric-path.ts';
import { connectionStale } from './connection-stale.ts';
import { deviceDown } from './device-down.ts';
import { deviceMissing } from './device-missing.ts';
import { droppedInPath } from './dropped-in-path.ts';
import { echoIgnored } from './echo-ignored.ts';
import { endpointMismatch } from './endpoint-mismatch.ts';
import { firewallInside } from './firewall-inside.ts';
import { firewallOutside } from './firewall-outside.ts';
import { forwardingOff } from './forwarding-off.ts';
import { ipsecMismatch } from './ipsec-mismatch.ts';
import { keyMismatch } from './key-mismatch.ts';
import { modeMismatch } from './mode-mismatch.ts';
import { moduleMissing } from './module-missing.ts';
import { mtuBlackHole } from './mtu-black-hole.ts';
import { natInPath } from './nat-in-path.ts';
import { noRouteToPeer } from './no-route-to-peer.ts';
import { optionMismatch } from './option-mismatch.ts';
import { peerRebooted } from './peer-rebooted.ts';
import { recursiveRoute } from './recursive-route.ts';
import { refusedInPath } from './refused-in-path.ts';
import { reversePathFilter } from './reverse-path-filter.ts';
import { routeElsewhere } from './route-elsewhere.ts';
import { routeMissing } from './route-missing.ts';
import { seqOutOfStep } from './seq-out-of-step.ts';
import { ttlTooSmall } from './ttl-too-small.ts';
import { underlayUnreachable } from './underlay-unreachable.ts';

/** The registry, a line a cause; of causes that are equally sure, the first comes first: what explains the others stands before them. */
export const causes: readonly Cause[] = [
  moduleMissing,
  peerRebooted,
  deviceMissing,
  deviceDown,
  modeMismatch,
  underlayUnreachable,
  noRouteToPeer,
  recursiveRoute,
  endpointMismatch,
  keyMismatch,
  optionMismatch,
  natInPath,
  firewallOutside,
  seqOutOfStep,
  ipsecMismatch,
  connectionStale,
  ttlTooSmall,
  refusedInPath,
  asymmetricPath,
  droppedInPath,
  addressConflict,
  addressMissing,
  routeElsewhere,
  reversePathFilter,
  firewallInside,
  echoIgnored,
  mtuBlackHole,
  routeMissing,
  forwardingOff,
];
