import type { JsonSchema } from './mode.ts';

/** Fields that several modes have, each with its words for editors; a mode's file says which are its own. */

const KEY = { type: 'integer', minimum: 0, maximum: 4294967295 } as const;
const YES_OR_NO = { type: 'boolean', 'x-expected': 'true or false' } as const;

export const ttlField: JsonSchema = {
  ttl: {
    description:
      'TTL (hop limit) of the outer packets. With `inherit` it is copied from the inner packet: then packets sent with TTL 1, such as those of OSPF and BGP, die at the first router.',
    anyOf: [{ type: 'integer', minimum: 1, maximum: 255 }, { const: 'inherit' }],
    default: 64,
    examples: [64, 255],
    'x-expected': 'a number from 1 to 255, or inherit',
  },
};

/** The two lowest bits are for congestion marks (RFC 3168), and the lowest means `inherit` to the kernel (net/ipv4/ip_tunnel.c). */
export const tosField: JsonSchema = {
  tos: {
    description: 'Type of service (traffic class) of the outer packets, such as 0xb8; `inherit` copies that of the inner packet.',
    anyOf: [{ type: 'integer', minimum: 0, maximum: 252, multipleOf: 4 }, { const: 'inherit' }],
    default: 0,
    examples: [184, 'inherit'],
    'x-expected': 'a multiple of 4 from 0 to 252, or inherit',
  },
};

/** Path MTU discovery, of outer packets that are IPv4. */
export const pmtudiscField: JsonSchema = {
  pmtudisc: {
    ...YES_OR_NO,
    description: 'Outer packets may not be fragmented on the way, and what is too large is reported to the sender.',
    default: true,
  },
};

/** Of the modes that can be put into UDP. */
export const encapField: JsonSchema = {
  encap: {
    description:
      'Puts the outer packets into UDP, for paths with NAT that translates ports: bare (`fou`, 8 bytes), or with a header that says what follows (`gue`, 12 bytes). Both ends receive on `port` and send from it.',
    type: 'object',
    properties: {
      type: { description: 'Which of the two.', enum: ['fou', 'gue'] },
      port: { description: 'UDP port of both ends.', type: 'integer', minimum: 1, maximum: 65535, examples: [5555] },
    },
    required: ['type', 'port'],
    additionalProperties: false,
    examples: [{ type: 'fou', port: 5555 }],
    'x-expected': 'a mapping with type and port, such as {type: fou, port: 5555}',
  },
};

export const publicPortField: JsonSchema = {
  public_port: {
    description:
      "Port the peer must send to, where NAT shows another one than `encap` says. Left out: that one, which Linux's masquerading keeps where it can.",
    type: 'integer',
    minimum: 1,
    maximum: 65535,
  },
};

export const greFields: JsonSchema = {
  key: { ...KEY, description: 'Key of both directions. A packet with another key is dropped in silence.' },
  csum: { ...YES_OR_NO, description: 'Checksums over what is carried; packets without a right one are dropped. 4 bytes a packet.', default: false },
  seq: {
    ...YES_OR_NO,
    description: 'Number the packets; those that arrive out of order are dropped. 4 bytes a packet. Both ends are made anew together.',
    default: false,
  },
};

export const ignoreDfField: JsonSchema = {
  ignore_df: {
    ...YES_OR_NO,
    description: 'Fragment outer packets even where the inner one may not be fragmented; needs `pmtudisc: false`.',
    default: false,
  },
};

export const ip6Fields: JsonSchema = {
  encaplimit: {
    description:
      'How often a packet may be put into another tunnel on its way (RFC 2473). Anything but `none` adds a destination option of 8 bytes, and many filters drop packets that have one.',
    anyOf: [{ type: 'integer', minimum: 0, maximum: 255 }, { const: 'none' }],
    default: 'none',
    'x-expected': 'a number from 0 to 255, or none',
  },
  flowlabel: {
    description: 'Flow label of the outer packets; `inherit` copies that of the inner packet.',
    anyOf: [{ type: 'integer', minimum: 0, maximum: 0xfffff }, { const: 'inherit' }],
    default: 0,
    'x-expected': `a number from 0 to ${0xfffff}, or inherit`,
  },
};

/** @param words - what `ip link` takes for `mode`, the default first */
export function protoField(description: string, words: readonly string[]): JsonSchema {
  return { proto: { description, enum: words, default: words[0], examples: words, 'x-expected': `one of ${words.join(', ')}` } };
}

export const vtiFields: JsonSchema = {
  key: { ...KEY, description: 'Mark of the xfrm policies that belong to this device (ip-xfrm(8)), at both ends. It is never sent. 0 is none.' },
};

export const ikeyField: JsonSchema = {
  ikey: { ...KEY, description: "Key this end expects; it becomes the peer's okey." },
};

export const fwmarkField: JsonSchema = {
  fwmark: { ...KEY, description: 'Mark of the outer packets, for the routing rules of this host (ip-rule(8)). 0 is none.' },
};
