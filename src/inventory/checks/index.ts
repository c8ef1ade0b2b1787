import { checkDeviceNames, checkDuplicateDevices } from './devices.ts';
import { checkEncapsulation, checkPersisted, checkPorts } from './encapsulation.ts';
import { checkEndpointHosts } from './endpoints.ts';
import { checkDuplicateAddresses, checkInnerAddresses, checkOverlaps } from './inner-addresses.ts';
import { checkInnerAgainstSsh, checkInnerAgainstUnderlay } from './inner-underlay.ts';
import { checkIpsecFields, checkIpsecPaths } from './ipsec.ts';
import type { Check } from './landscape.ts';
import { checkModeAddresses, checkModeFields, checkOuterFamilies } from './mode-rules.ts';
import { checkLargestMtu, checkMtu } from './mtu.ts';
import { checkDuplicateRoutes, checkRoutesAgainstUnderlay, checkSameNetwork } from './routes.ts';
import { checkSubnetsAgree } from './subnets.ts';
import { checkTargets } from './targets.ts';
import { checkIdentities, checkLocalIsNotRemote, checkOuterAddresses, checkShadows } from './underlay.ts';

/** The registry: a new check is one function and one line. */
export const checks: readonly Check[] = [
  checkEndpointHosts,
  checkDeviceNames,
  checkDuplicateDevices,
  checkOuterAddresses,
  checkOuterFamilies,
  checkLocalIsNotRemote,
  checkIdentities,
  checkIpsecPaths,
  checkShadows,
  checkInnerAddresses,
  checkDuplicateAddresses,
  checkOverlaps,
  checkInnerAgainstUnderlay,
  checkInnerAgainstSsh,
  checkSubnetsAgree,
  checkModeFields,
  checkIpsecFields,
  checkEncapsulation,
  checkPorts,
  checkPersisted,
  checkModeAddresses,
  checkMtu,
  checkLargestMtu,
  checkSameNetwork,
  checkDuplicateRoutes,
  checkRoutesAgainstUnderlay,
  checkTargets,
];
