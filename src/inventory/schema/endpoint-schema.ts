import type { JsonSchema, Mode } from '../../modes/mode.ts';

const METRIC: JsonSchema = {
  description: 'Priority of the routes; lower wins. Left out: the default of the kernel, 0 for IPv4 and 1024 for IPv6.',
  type: 'integer',
  minimum: 0,
  maximum: 4294967295,
};

const TABLE: JsonSchema = {
  description: 'Number of the routing table the routes go into (ip-route(8)).',
  type: 'integer',
  minimum: 1,
  maximum: 4294967295,
  default: 254,
};

const WEIGHT: JsonSchema = {
  description:
    'Share of this tunnel in routes that other tunnels between the same hosts have too, beside the weights of those: packets are spread over all of them.',
  type: 'integer',
  minimum: 1,
  maximum: 256,
  default: 1,
};

const NETWORK: JsonSchema = { type: 'string', examples: ['10.2.1.0/24'], 'x-expected': 'a network, such as 10.2.1.0/24' };

const ROUTE: JsonSchema = {
  type: ['string', 'object'],
  properties: { to: { ...NETWORK, description: 'The network to reach through the tunnel.' }, metric: METRIC, table: TABLE, weight: WEIGHT },
  required: ['to'],
  additionalProperties: false,
  'x-expected': 'a network, or a mapping with to, metric, table and weight',
};

/** Thresholds and effort of the check that a tunnel carries packets. */
export const verifySchema: JsonSchema = {
  description: 'How the tunnel is measured, each way, and what still counts as healthy.',
  type: 'object',
  properties: {
    count: { description: 'Echo requests each way.', type: 'integer', minimum: 1, maximum: 1000, default: 3 },
    interval: {
      description: 'Seconds between them. Below 0.2 ping wants root, which tunorch has.',
      type: 'number',
      minimum: 0.01,
      maximum: 60,
      default: 0.2,
    },
    max_loss: { description: 'Percent of lost replies that is still healthy.', type: 'number', minimum: 0, maximum: 100, default: 0 },
    max_rtt: { description: 'Milliseconds of mean round trip that are still healthy. Left out: any.', type: 'number', exclusiveMinimum: 0 },
    targets: {
      description: 'Addresses in networks behind the ends that have to answer through the tunnel.',
      type: 'array',
      items: { type: 'string', 'x-expected': 'an address' },
      examples: [['10.2.1.2']],
      'x-expected': 'a list of addresses, such as [10.2.1.2]',
    },
  },
  additionalProperties: false,
  examples: [{ count: 5, max_loss: 20, max_rtt: 150 }],
  'x-expected': 'a mapping with count, interval, max_loss, max_rtt and targets',
};

/** One end of a tunnel of one mode. */
export function endpointSchema(mode: Mode): JsonSchema {
  const [family, other] = mode.underlay;
  const format = other === undefined ? { format: family === 4 ? 'ipv4' : 'ipv6' } : {};
  const outer: JsonSchema = {
    type: 'string',
    ...format,
    'x-expected': mode.underlay
      .map((one) => `an IPv${one}`)
      .join(' or ')
      .concat(' address'),
  };
  return {
    title: `endpoint of a ${mode.name} tunnel`,
    type: 'object',
    properties: {
      device: {
        description: "Name of the tunnel's device on this host. Left out: the tunnel's name.",
        type: 'string',
        examples: ['tun1'],
        'x-expected': 'a device name',
      },
      local: { ...outer, description: 'Outer address of this host. Left out: the one its route to the peer uses.' },
      public: {
        ...outer,
        description:
          'Address the peer must send to, where this host sits behind NAT. Behind NAT that translates ports too, add `encap` to the tunnel, and let this host send first and often: nothing reaches it once the NAT has forgotten it.',
      },
      dev: { description: 'Link the outer packets are bound to.', type: 'string', examples: ['eth0'], 'x-expected': 'the name of a link' },
      address: {
        description:
          "Inner address, or a list. `10.0.0.1` is point to point: the peer is the other end's address at the same position. `10.0.0.1/24` makes the host a member of that subnet.",
        type: ['string', 'array'],
        items: { type: 'string', 'x-expected': 'an inner address, such as 10.0.0.1 or 10.0.0.1/24' },
        minItems: 1,
        examples: ['10.10.10.2', '10.1.2.1/24', ['10.10.10.2', 'fd00:10::2/64']],
        'x-expected': 'an inner address or a list of them',
      },
      networks: {
        description: 'Subnets behind this host. The peer gets a route to each.',
        type: 'array',
        items: NETWORK,
        default: [],
        'x-expected': 'a list of networks, such as [10.2.1.0/24]',
      },
      routes: {
        description: 'More routes on this host through the tunnel.',
        type: 'array',
        items: ROUTE,
        default: [],
        'x-expected': 'a list of routes, such as [10.3.0.0/16]',
      },
      metric: METRIC,
      table: TABLE,
      weight: WEIGHT,
      forwarding: {
        description:
          'Whether this host forwards packets between the tunnel and its networks (sysctl ip_forward). Left out: yes when it has `networks`.',
        type: 'boolean',
        'x-expected': 'true or false',
      },
      ...mode.endpointSchema,
    },
    required: ['address'],
    additionalProperties: false,
    'x-expected': 'a mapping with at least address',
  };
}
