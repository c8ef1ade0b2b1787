import { TUNNEL_NAME } from '../domain/tunnel.ts';
import { modes } from '../modes/index.ts';
import type { JsonSchema } from '../modes/mode.ts';
import { groupSchema, varsSchema } from './schema/host-schema.ts';
import { MESH_NAME, meshSchema, meshTunnelSchema } from './schema/mesh-schema.ts';
import { tunnelSchema } from './schema/tunnel-schema.ts';

const definitionOf = (mode: string) => `${mode}-tunnel`;

/**
 * The JSON Schema (draft 2020-12) of an inventory file, put together from the modes.
 *
 * It judges shape; what needs an eye on two places at once, or arithmetic on addresses, is a check of its own.
 * `x-expected` is tunorch's: the end of the sentence «… must be …».
 */
export const inventorySchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:tunorch:inventory:1',
  title: 'tunorch inventory',
  description: "Hosts and groups in Ansible's YAML form, and the tunnels between them.",
  type: 'object',
  properties: {
    all: { $ref: '#/$defs/group', description: 'The group every host belongs to.' },
    tunnels: {
      description: 'Tunnels by name. The name is also the name of the device on both hosts, unless an endpoint sets `device`.',
      type: ['object', 'null'],
      propertyNames: { pattern: TUNNEL_NAME.source },
      additionalProperties: { $ref: '#/$defs/tunnel' },
      'x-expected': 'a mapping of tunnels by name',
    },
    meshes: {
      description: 'Tunnels between many hosts by the name of the mesh. Addresses, keys and device names are allotted once and kept in a lock file.',
      type: ['object', 'null'],
      propertyNames: { pattern: MESH_NAME.source },
      additionalProperties: { $ref: '#/$defs/mesh' },
      'x-expected': 'a mapping of meshes by name',
    },
  },
  additionalProperties: { $ref: '#/$defs/group' },
  'x-expected': 'a mapping of groups, and of tunnels under «tunnels»',
  $defs: {
    group: groupSchema,
    vars: varsSchema,
    tunnel: {
      title: 'tunnel',
      type: 'object',
      discriminator: { propertyName: 'mode' },
      required: ['mode'],
      oneOf: [...modes.keys()].map((mode) => ({ $ref: `#/$defs/${definitionOf(mode)}` })),
      'x-expected': 'a mapping with mode and endpoints',
    },
    ...Object.fromEntries([...modes.values()].map((mode) => [definitionOf(mode.name), tunnelSchema(mode)])),
    mesh: meshSchema,
    'mesh-tunnel': {
      title: 'tunnels of a mesh',
      type: 'object',
      discriminator: { propertyName: 'mode' },
      required: ['mode'],
      oneOf: [...modes.keys()].map((mode) => ({ $ref: `#/$defs/mesh-${definitionOf(mode)}` })),
      'x-expected': 'a mapping with mode',
    },
    ...Object.fromEntries([...modes.values()].map((mode) => [`mesh-${definitionOf(mode.name)}`, meshTunnelSchema(mode)])),
  },
};
