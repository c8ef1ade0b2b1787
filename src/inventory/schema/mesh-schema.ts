import type { JsonSchema, Mode } from '../../modes/mode.ts';
import { endpointSchema } from './endpoint-schema.ts';
import { tunnelSchema } from './tunnel-schema.ts';

/** Begins the names of a mesh's tunnels and devices. */
export const MESH_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

/** What every tunnel of a mesh gets of its own, and the lock file keeps. */
export const ALLOTTED: ReadonlySet<string> = new Set(['address', 'device', 'key', 'ikey', 'vni']);

const PATTERN: JsonSchema = { type: 'string', 'x-expected': 'a pattern of hosts, such as edge or r1:r2' };

/** Tunnels between many hosts, declared once. */
export const meshSchema: JsonSchema = {
  title: 'mesh',
  type: 'object',
  properties: {
    hosts: { ...PATTERN, description: "The hosts it joins, in Ansible's pattern language.", examples: ['edge', 'all:!lab', 'r[1:9]'] },
    topology: {
      description:
        '`full`: every host with every other. `hub-and-spoke`: the hubs with all others and with each other. `chain`: each host with the next, in the order of the inventory. `ring`: a chain whose ends meet.',
      enum: ['full', 'hub-and-spoke', 'chain', 'ring'],
      'x-expected': 'full, hub-and-spoke, chain or ring',
    },
    hubs: { ...PATTERN, description: 'The hubs, where the topology is hub-and-spoke.', examples: ['core', 'r1'] },
    pool: {
      description: 'Network the inner addresses come from: a /31 of it for each tunnel, or a /127.',
      type: 'string',
      examples: ['10.99.0.0/24', 'fd00:99::/64'],
      'x-expected': 'a network, such as 10.99.0.0/24',
    },
    tunnel: { $ref: '#/$defs/mesh-tunnel', description: 'What all its tunnels have.' },
  },
  required: ['hosts', 'topology', 'pool', 'tunnel'],
  additionalProperties: false,
  'x-expected': 'a mapping with hosts, topology, pool and tunnel',
};

/** The declaration of a tunnel without what each of a mesh gets of its own, and with any number of endpoints. */
export function meshTunnelSchema(mode: Mode): JsonSchema {
  const endpoint = endpointSchema(mode);
  const { properties } = tunnelSchema(mode);
  const { endpoints: _two, ...fields } = properties as JsonSchema;
  return {
    title: `${mode.name} tunnels of a mesh`,
    type: 'object',
    properties: {
      ...withoutAllotted(fields),
      endpoints: {
        description: 'What is particular to a host, in all its tunnels of this mesh.',
        type: 'object',
        additionalProperties: {
          ...endpoint,
          properties: withoutAllotted(endpoint.properties as JsonSchema),
          required: [],
          'x-expected': 'a mapping with local, networks and the like',
        },
        'x-expected': 'a mapping of host names',
      },
    },
    required: ['mode', ...(mode.required ?? []).filter((field) => !ALLOTTED.has(field))],
    additionalProperties: false,
    'x-expected': 'a mapping with mode',
  };
}

function withoutAllotted(properties: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !ALLOTTED.has(name)));
}
