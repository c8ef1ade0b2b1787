import { describe, expect, it } from 'vitest';
import type { ObservedHost, ObservedRoute } from '../../../src/domain/observed.ts';
import type { PolicyRule } from '../../../src/domain/policy-rule.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import { presenceOf, refusals } from '../../support/builders-plan.ts';

const GRE = 'type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1';

describe('a device of the same name', () => {
  it('that carries no mark is not touched', () => {
    expect(refusals(aTunnel(), { first: { typed: [`link add name gre1 ${GRE}`] } })).toEqual(['plan.foreign-device']);
  });

  it('that belongs to another tunnel is not touched, and the other is named', () => {
    const typed = ['link add name gre1 type gre local 30.1.1.1 remote 30.1.1.9', 'link set dev gre1 alias tunorch:other'];
    const [problem] = presenceOf(aTunnel(), { first: { typed } }).problems;
    expect(problem).toMatchObject({ code: 'plan.foreign-device', host: 'router-a' });
    expect(problem?.message).toContain('it belongs to the tunnel other');
  });

  it('is taken over when asked for', () => {
    const plan = presenceOf(aTunnel(), { first: { typed: [`link add name gre1 ${GRE}`] }, foreignDevices: 'adopt' });
    expect(plan.problems).toEqual([]);
    expect(plan.changes.map(({ object }) => object)).toContain('link gre1');
  });

  it.each([
    ['a plain link', 'gre1', { links: ['eth0 30.1.1.1/24', 'gre1'] }],
    [
      'one the module made by itself',
      'gre0',
      { modules: { ip_gre: 'loaded' as const }, typed: ['link add name first type gre local 30.1.1.1 remote 30.1.1.8'] },
    ],
  ])('is never taken over where it is %s', (_what, device, first) => {
    const modprobe = device === 'gre0' ? { modules: { ip_gre: 'loadable' as const } } : {};
    expect(refusals(aTunnel({}, [{ device }, {}]), { first: { ...first, ...modprobe }, foreignDevices: 'adopt' })).toEqual(['plan.foreign-device']);
  });

  it('that must be replaced stays where a route through it could not be written back', () => {
    const typed = [
      `link add name gre1 ${GRE} icsum`,
      'link set dev gre1 alias tunorch:gre1',
      'link set dev gre1 up',
      'route add 10.9.0.0/16 dev gre1 proto bgp',
    ];
    const adjust = (observed: ObservedHost) => ({
      ...observed,
      routes: observed.routes.map((route) => (route.to === '10.9.0.0/16' ? { ...route, isRestorable: false } : route)),
    });
    const ipip = aTunnel({ name: 'gre1', mode: 'ipip' });
    expect(refusals(ipip, { first: { typed } })).toEqual([]);
    expect(refusals(ipip, { first: { typed }, adjust })).toEqual(['plan.not-restorable']);
  });
});

describe('an identity', () => {
  it.each([
    ['the same addresses and key', 'type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 9', ['plan.identity-in-use']],
    ['another key', 'type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 1', []],
    ['no key', 'type gre local 30.1.1.1 remote 30.1.1.2', []],
    ['another peer', 'type gre local 30.1.1.1 remote 30.1.1.3 ikey 1', []],
    ['another kind', 'type ipip local 30.1.1.1 remote 30.1.1.2', []],
  ])('of a device with %s: %s', (_what, words, codes) => {
    expect(refusals(aTunnel(), { first: { typed: [`link add name old ${words}`] } })).toEqual(codes);
  });

  it.each([
    ['vti', 'type vti local 30.1.1.1 remote 30.1.1.2 ikey 7', ['plan.identity-in-use']],
    ['vti to another peer', 'type vti local 30.1.1.1 remote 30.1.1.3 ikey 7', []],
    ['gre', 'type gre local 30.1.1.1 remote 30.1.1.2', []],
  ])('of ipip may be beside one of %s', (_what, words, codes) => {
    expect(refusals(aTunnel({ mode: 'ipip' }), { first: { typed: [`link add name old ${words}`] } })).toEqual(codes);
  });

  it('of vti is refused where it would take what an ipip device receives', () => {
    const typed = ['link add name old type ipip local 30.1.1.1 remote 30.1.1.2'];
    expect(refusals(aTunnel({ mode: 'vti' }), { first: { typed } })).toEqual(['plan.identity-in-use']);
  });

  it('of ipip knows no key, so there can be one to a peer', () => {
    const ipip = aTunnel({ mode: 'ipip' });
    expect(refusals(ipip, { first: { typed: ['link add name old type ipip local 30.1.1.1 remote 30.1.1.2'] } })).toEqual(['plan.identity-in-use']);
  });
});

describe('an inner address', () => {
  const subnet = aTunnel({}, [{ addresses: ['10.9.0.1/24'] }, { addresses: ['10.9.0.2/24'] }]);

  it.each([
    ['the same address', subnet, 'eth9 10.9.0.1/32', ['plan.address-in-use']],
    ['a network that overlaps', subnet, 'eth9 10.9.0.200/16', ['plan.address-in-use']],
    ['another network', subnet, 'eth9 10.8.0.1/24', []],
    ['a network that a point-to-point address lies in', aTunnel(), 'eth9 10.10.0.1/16', []],
  ])('beside a link with %s', (_what, tunnel, link, codes) => {
    expect(refusals(tunnel, { first: { links: ['eth0 30.1.1.1/24', link] } })).toEqual(codes);
  });
});

describe('a route', () => {
  const routed = aTunnel({}, [{}, behind('10.2.1.0/24')]);
  const withRoute = (route: string) => ({ first: { links: ['eth0 30.1.1.1/24', 'eth1 10.5.0.1/24'], routes: [route] } });

  it.each([
    ['in the same place', '10.2.1.0/24 via 10.5.0.2 dev eth1', ['plan.foreign-route']],
    ['with another metric', '10.2.1.0/24 via 10.5.0.2 dev eth1 metric 100', []],
    ['in another table', '10.2.1.0/24 via 10.5.0.2 dev eth1 table 100', []],
    ['to another network', '10.2.2.0/24 via 10.5.0.2 dev eth1', []],
  ])('beside somebody’s %s', (_what, route, codes) => {
    expect(refusals(routed, withRoute(route))).toEqual(codes);
  });

  it('does not take the place of one that closes the network', () => {
    const closed: ObservedRoute = {
      to: '10.2.1.0/24',
      type: 'unreachable',
      device: '',
      table: 254,
      metric: 0,
      protocol: 'static',
      isRestorable: true,
    };
    const [problem] = presenceOf(routed, { adjust: (observed) => ({ ...observed, routes: [...observed.routes, closed] }) }).problems;
    expect(problem).toMatchObject({ code: 'plan.foreign-route', message: '10.2.1.0/24 is already routed to a route of type unreachable' });
  });
});

describe('a network that would swallow what carries the run', () => {
  const wide = (network: string) => aTunnel({}, [{}, behind(network)]);
  const main: PolicyRule = { priority: 32_766, family: 4, table: 254 };
  const gateway = { routes: ['0.0.0.0/0 via 30.1.1.254 dev eth0'] };
  const fromClient = (clientAddress: string) => (observed: ObservedHost) => ({ ...observed, ssh: { clientAddress, serverAddress: '30.1.1.1' } });

  it('is refused where it covers the SSH client', () => {
    expect(refusals(wide('192.0.0.0/8'), { first: gateway, adjust: fromClient('192.0.2.9') })).toEqual(['plan.route-captures-ssh']);
  });

  it('is fine where a longer prefix leads to the client by a real link', () => {
    const first = { routes: [...gateway.routes, '192.0.2.0/24 via 30.1.1.254 dev eth0'] };
    expect(refusals(wide('192.0.0.0/8'), { first, adjust: fromClient('192.0.2.9') })).toEqual([]);
  });

  it('is refused where a route of the same length has a worse metric', () => {
    const first = { routes: ['192.0.0.0/8 via 30.1.1.254 dev eth0 metric 50'] };
    expect(refusals(wide('192.0.0.0/8'), { first, adjust: fromClient('192.0.2.9') })).toEqual(['plan.route-captures-ssh']);
  });

  it('is refused where the tables are too large to know better', () => {
    const adjust = (observed: ObservedHost) => ({ ...fromClient('192.0.2.9')(observed), hasAllRoutes: false });
    const first = { routes: ['192.0.2.0/24 via 30.1.1.254 dev eth0'] };
    expect(refusals(wide('192.0.0.0/8'), { first, adjust })).toContain('plan.route-captures-ssh');
  });

  it('is fine in a table of its own', () => {
    const tunnel = aTunnel({}, [{ table: 100 }, behind('192.0.0.0/8')]);
    expect(refusals(tunnel, { first: gateway, adjust: fromClient('192.0.2.9') })).toEqual([]);
  });

  it.each([
    ['asks that table first', [{ priority: 100, family: 4, table: 100 }], ['plan.route-captures-ssh']],
    ['asks it for what comes from the address of SSH', [{ priority: 100, family: 4, table: 100, from: '30.1.1.1/32' }], ['plan.route-captures-ssh']],
    ['asks it for what comes from elsewhere', [{ priority: 100, family: 4, table: 100, from: '10.0.0.0/8' }], []],
    ['asks it for what goes elsewhere', [{ priority: 100, family: 4, table: 100, to: '10.0.0.0/8' }], []],
    ['asks it after the main one', [main, { priority: 32_767, family: 4, table: 100 }], []],
    ['asks it for IPv6', [{ priority: 100, family: 6, table: 100 }], []],
  ] satisfies readonly (readonly [string, readonly PolicyRule[], readonly string[]])[])(
    'in a table of its own, where a rule %s: %j',
    (_, rules, codes) => {
      const tunnel = aTunnel({}, [{ table: 100 }, behind('192.0.0.0/8')]);
      const adjust = (observed: ObservedHost) => ({ ...fromClient('192.0.2.9')(observed), rules });
      expect(refusals(tunnel, { first: gateway, adjust })).toEqual(codes);
    },
  );

  it('is refused where it covers the gateway to the SSH client', () => {
    const tunnel = aTunnel({}, [{ addresses: ['10.9.0.1 peer 30.1.1.254'] }, { addresses: ['30.1.1.254 peer 10.9.0.1'] }]);
    const [problem] = presenceOf(tunnel, { first: gateway, adjust: fromClient('192.0.2.9') }).problems;
    expect(problem).toMatchObject({ code: 'plan.route-captures-ssh', host: 'router-a' });
    expect(problem?.message).toContain('30.1.1.254, the gateway for the SSH connection from 192.0.2.9');
  });

  it('is refused where it covers the peer’s outer address, which only the default route led to', () => {
    const far = aTunnel({}, [{}, { local: '40.1.1.1', networks: ['40.0.0.0/8'] }]);
    expect(refusals(far, { first: gateway, second: { links: ['eth0 40.1.1.1/24'], routes: ['0.0.0.0/0 via 40.1.1.254 dev eth0'] } })).toEqual([
      'plan.route-captures-underlay',
    ]);
  });

  it('is refused as well where it comes with an address', () => {
    const tunnel = aTunnel({}, [{ addresses: ['192.0.0.1/8'] }, { addresses: ['192.0.0.2/8'] }]);
    expect(refusals(tunnel, { first: gateway, adjust: fromClient('192.0.2.9') })).toEqual(['plan.route-captures-ssh']);
  });
});

describe('forwarding', () => {
  const dual = aTunnel({}, [behind('fd00:1::/48'), behind('fd00:2::/48')]);
  const advertised: ObservedRoute = {
    to: '::/0',
    type: 'unicast',
    device: 'eth0',
    gateway: 'fe80::1',
    table: 254,
    metric: 1024,
    protocol: 'ra',
    isRestorable: true,
  };

  it('is not switched on for IPv6 where the host lives on router advertisements', () => {
    const [problem] = presenceOf(dual, { adjust: (observed) => ({ ...observed, routes: [...observed.routes, advertised] }) }).problems;
    expect(problem).toMatchObject({ code: 'plan.forwarding-drops-routes', host: 'router-a' });
    expect(problem?.hint).toContain('net.ipv6.conf.eth0.accept_ra=2');
  });

  it('is no matter where it is on already', () => {
    const first = { sysctls: { 'net/ipv6/conf/all/forwarding': '1' } };
    expect(refusals(dual, { first, adjust: (observed) => ({ ...observed, routes: [...observed.routes, advertised] }) })).toEqual([]);
  });

  it('is refused where the mark would be longer than the kernel keeps', () => {
    const links = ['eth0 30.1.1.1/24', ...Array.from({ length: 30 }, (_, index) => `long-device-${index}`)];
    const sysctls = Object.fromEntries(links.slice(1).map((device) => [`net/ipv4/conf/${device}/forwarding`, '1']));
    const codes = refusals(aTunnel({}, [behind('10.1.0.0/16'), behind('10.2.0.0/16')]), { first: { links, sysctls } });
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(/^plan\./);
  });
});

describe('a host without support', () => {
  it('is told with its kernel, before anything else', () => {
    const [problem] = presenceOf(aTunnel(), { first: { modules: { ip_gre: 'missing' } } }).problems;
    expect(problem).toMatchObject({ code: 'host.kernel-support', host: 'router-a' });
    expect(problem?.message).toContain('kernel 6.1.0-test cannot do gre');
  });

  it('is told where its root shell may not make links', () => {
    const adjust = (observed: ObservedHost) => ({ ...observed, canAdministerNetwork: false });
    const [problem] = presenceOf(aTunnel(), { adjust }).problems;
    expect(problem).toMatchObject({ code: 'host.kernel-support', message: 'the root shell lacks CAP_NET_ADMIN, so it cannot make links' });
  });
});
