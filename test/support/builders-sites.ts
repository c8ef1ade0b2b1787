import type { Tunnel } from '../../src/domain/tunnel.ts';
import { aTunnel, behind } from './builders.ts';
import { aKernel, type KernelFields } from './builders-kernel.ts';
import { Stage } from './fake-host-stage.ts';

/** Two routers on one link; what is said of one of them comes on top. */
export function twoRouters(first: KernelFields = {}, second: KernelFields = {}, shell?: string): Stage {
  const kernels = {
    'router-a': aKernel({ links: ['eth0 30.1.1.1/24', 'eth1 10.1.1.1/24'], ...first }),
    'router-b': aKernel({ links: ['eth0 30.1.1.2/24', 'eth1 10.2.1.1/24'], ...second }),
  };
  return new Stage(kernels, shell);
}

/** gre1 between them, with the networks behind each. It says its mtu, so that no path is measured. */
export function sites(fields: Partial<Tunnel> = {}): Tunnel {
  return aTunnel({ mtuBytes: 1472, ...fields }, [behind('10.1.1.0/24'), behind('10.2.1.0/24')]);
}
