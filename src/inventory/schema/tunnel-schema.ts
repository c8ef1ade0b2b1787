import { BACK_END_NAMES } from '../../domain/persistence.ts';
import type { JsonSchema, Mode } from '../../modes/mode.ts';
import { endpointSchema, verifySchema } from './endpoint-schema.ts';

/** Tunnel fields every mode has. `x-expected` completes the sentence «… must be …». */
const SHARED: JsonSchema = {
  tags: {
    description: 'Words to choose tunnels by, with `--tags`.',
    type: 'array',
    items: { type: 'string', pattern: '^[^\\s,]+$', 'x-expected': 'a word without blanks and commas' },
    default: [],
    examples: [['backbone']],
    'x-expected': 'a list of words, such as [backbone]',
  },
  description: { description: 'What the tunnel is for, in your words.', type: 'string', 'x-expected': 'a text' },
  mss_clamp: {
    description:
      'Lowers the segment size of TCP that is forwarded through the tunnel, for hosts behind it that never hear that a packet was too large: `auto` to what the route leaves, a number to those bytes.',
    anyOf: [{ enum: ['auto', 'off', false] }, { type: 'integer', minimum: 88, maximum: 65495 }],
    default: 'off',
    examples: ['auto', 1360],
    'x-expected': 'auto, off, or a number of bytes from 88 to 65495',
  },
  state: {
    description: '`absent`: `up` removes the tunnel from both hosts.',
    enum: ['present', 'absent'],
    default: 'present',
    'x-expected': 'present or absent',
  },
  persist: {
    description:
      'What brings the tunnel back when a host boots. `auto`: a unit of systemd; `none`: nothing. Its files are written when the tunnel is kept, and go with it.',
    enum: ['none', 'auto', ...BACK_END_NAMES],
    default: 'none',
    'x-expected': `none, auto or ${BACK_END_NAMES.join(', ')}`,
  },
  verify: verifySchema,
  ipsec: {
    description:
      'Outer packets travel encrypted, in ESP (AES-256-GCM): tunorch draws keys for each `up` and `rekey`, and no host takes or sends them in clear text. Keys do not survive a reboot.',
    type: 'boolean',
    default: false,
    'x-expected': 'true or false',
  },
};

/** Options make the largest MTU smaller still, which is a check of its own. */
function mtuSchema(mode: Mode): JsonSchema {
  const [least, most] = [mode.leastMtu({}), mode.mostMtu({ remote: mode.underlay[0] === 4 ? '0.0.0.0' : '::' })];
  return {
    description: "Bytes the tunnel's devices carry in one packet. `auto`: the underlay's MTU less the bytes the mode adds, the smaller of both ends.",
    anyOf: [{ type: 'integer', minimum: least, maximum: most }, { const: 'auto' }],
    default: 'auto',
    examples: ['auto', 1400],
    'x-expected': `auto, or a number of bytes from ${least} to ${most}`,
  };
}

/** The declaration of a tunnel of one mode, which is everything its file in `src/modes` says plus what all have. */
export function tunnelSchema(mode: Mode): JsonSchema {
  return {
    title: `${mode.name} tunnel`,
    type: 'object',
    properties: {
      mode: { const: mode.name, description: "The kernel's tunnel type (ip-link(8))." },
      mtu: mtuSchema(mode),
      ...SHARED,
      ...mode.tunnelSchema,
      endpoints: {
        description: 'The two hosts, by their inventory names, and what is particular to each end.',
        type: 'object',
        minProperties: 2,
        maxProperties: 2,
        additionalProperties: endpointSchema(mode),
        'x-expected': 'a mapping of two host names',
      },
    },
    required: ['mode', 'endpoints', ...(mode.required ?? [])],
    additionalProperties: false,
    'x-expected': 'a mapping with mode and endpoints',
  };
}
