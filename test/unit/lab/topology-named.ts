import { TOPOLOGIES } from '../../../src/lab/topologies.ts';
import type { Topology } from '../../../src/lab/topology.ts';

export function topologyNamed(name: string): Topology {
  const topology = TOPOLOGIES.get(name);
  if (topology === undefined) throw new Error(`no topology ${name}`);
  return topology;
}
