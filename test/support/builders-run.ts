import type { Tunnel } from '../../src/domain/tunnel.ts';
import type { RunRequest } from '../../src/run/world.ts';

let runs = 0;

/** `tunorch up` on these tunnels, with the defaults of the command line. */
export function aRequest(fields: Partial<RunRequest> & { readonly tunnels: readonly Tunnel[] }): RunRequest {
  const names = new Set(fields.tunnels.flatMap(({ endpoints }) => endpoints.map(({ host }) => host)));
  runs += 1;
  return {
    command: 'up',
    isCheck: false,
    hosts: new Map([...names].map((name) => [name, { name, connection: {} }])),
    forks: 50,
    onFailure: 'roll-back',
    foreignDevices: 'refuse',
    strays: 'tell',
    declared: new Set(fields.tunnels.map(({ name }) => name)),
    lockWaitSeconds: 0,
    runId: `test-${runs}`,
    owner: 'test@laptop',
    version: '0.0.0',
    hasDetailedExitCode: false,
    addresses: new Map(),
    ...fields,
  };
}
