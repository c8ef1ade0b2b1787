import fc from 'fast-check';
import { familyOf, parsePrefix } from '../../src/domain/address.ts';
import { shareRoutes } from '../../src/domain/share-routes.ts';
import type { ModeName, Tunnel, TunnelEnd, TunnelOptions } from '../../src/domain/tunnel.ts';
import { modeOf, modes } from '../../src/modes/index.ts';
import { commandsOf } from '../../src/plan/commands.ts';
import { planPresence } from '../../src/plan/plan-tunnel.ts';
import { anEnd } from './builders.ts';
import { aKernel } from './builders-kernel.ts';
import { keysFor } from './builders-keys.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { observeAll } from './fake-kernel-observe.ts';
import { runCommand } from './fake-kernel-operations.ts';

/** Random inventories on three hosts, valid as readInventory would have left them: names, identities and addresses do not clash. */

export const HOSTS = ['one', 'two', 'three'] as const;
const MOST_TUNNELS = 3;

/** What is drawn for one tunnel; its number keeps it apart from the others. */
interface Draw {
  readonly hosts: readonly [number, number];
  readonly mode: ModeName;
  readonly options: TunnelOptions;
  readonly ttl: number | 'inherit';
  readonly mtuBytes: number | undefined;
  readonly mssClamp: Tunnel['mssClamp'];
  readonly encap: 'fou' | 'gue' | undefined;
  readonly isShared: boolean;
  readonly keys: readonly [number, number];
  readonly isKeyless: boolean;
  readonly ends: readonly [EndDraw, EndDraw];
}

interface EndDraw {
  readonly addresses: readonly number[];
  readonly networks: readonly number[];
  readonly routes: readonly { readonly to: number; readonly metric: number | undefined; readonly table: number | undefined }[];
  readonly forwarding: boolean;
  /** Has the network that other tunnels between the same hosts may have too. */
  readonly isJoining: boolean;
  readonly weight: number | undefined;
}

const ROUTES = fc.record({ to: fc.integer({ min: 0, max: 2 }), metric: fc.constantFrom(undefined, 50, 100), table: fc.constantFrom(undefined, 100) });

const END: fc.Arbitrary<EndDraw> = fc.record({
  addresses: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
  networks: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
  routes: fc.uniqueArray(ROUTES, { maxLength: 2, selector: ({ to, metric, table }) => `${to} ${metric} ${table}` }),
  forwarding: fc.boolean(),
  isJoining: fc.boolean(),
  weight: fc.constantFrom(undefined, undefined, 3),
});

/** Options of every mode; each takes those it has, and `proto` stays what carries both families. */
const OPTIONS: fc.Arbitrary<TunnelOptions> = fc.record(
  {
    tos: fc.constantFrom<(number | 'inherit')[]>(0, 16, 'inherit'),
    csum: fc.boolean(),
    seq: fc.boolean(),
    pmtudisc: fc.constant(true),
    encaplimit: fc.constantFrom<(number | 'none')[]>('none', 4),
    flowlabel: fc.constantFrom<(number | 'inherit')[]>(0, 18, 'inherit'),
    port: fc.constantFrom(4789, 8472),
    ipsec: fc.boolean(),
  },
  { requiredKeys: [] },
);

const DRAW: fc.Arbitrary<Draw> = fc.record({
  hosts: fc.constantFrom([0, 1], [1, 0], [0, 2], [1, 2]) as fc.Arbitrary<readonly [number, number]>,
  mode: fc.constantFrom<ModeName[]>('gre', 'gre', 'ipip', ...modes.keys()),
  options: OPTIONS,
  ttl: fc.constantFrom<(number | 'inherit')[]>(64, 255, 'inherit'),
  mtuBytes: fc.constantFrom(undefined, undefined, 1300, 1400, 1476, 1000),
  mssClamp: fc.constantFrom<(number | 'auto' | undefined)[]>(undefined, undefined, 'auto', 1360),
  encap: fc.constantFrom<('fou' | 'gue' | undefined)[]>(undefined, undefined, 'fou', 'gue'),
  isShared: fc.boolean(),
  keys: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  isKeyless: fc.boolean(),
  ends: fc.tuple(END, END),
});

/** Up to three tunnels; each place may be empty. */
export const INVENTORY: fc.Arbitrary<readonly Tunnel[]> = fc
  .array(fc.option(DRAW, { freq: 4 }), { minLength: 1, maxLength: MOST_TUNNELS })
  .map((draws) => shareRoutes(draws.flatMap((draw, index) => (draw === null ? [] : [tunnelOf(draw, index)]))));

/** Three hosts on one link, with an address of its own for each tunnel besides. */
export function threeHosts(): Map<string, FakeKernel> {
  return new Map(
    HOSTS.map((host, number) => {
      const own = Array.from({ length: MOST_TUNNELS }, (_, index) => `30.1.${index + 2}.${number + 1}/24 fd30:${index + 2}::${number + 1}/64`);
      return [
        host,
        aKernel({ links: [`eth0 30.1.1.${number + 1}/24 fd30:1::${number + 1}/64 ${own.join(' ')}`], routes: ['0.0.0.0/0 via 30.1.1.254 dev eth0'] }),
      ] as const;
    }),
  );
}

function tunnelOf(draw: Draw, index: number): Tunnel {
  const mode = modeOf(draw.mode);
  const carried = (texts: readonly string[]) => texts.filter((text) => mode.inner(draw.options).includes(familyOf(text)));
  const needsIpv6 = draw.ends.some((end) =>
    carried([...addressesOf(end, index, 1), ...networksOf(end, index, 1)]).some((text) => text.includes(':')),
  );
  const mtuBytes = draw.mtuBytes === 1000 && (needsIpv6 || mode.leastMtu(draw.options) > 1000) ? 1300 : draw.mtuBytes;
  const { ipsec, ...options } = draw.options;
  return {
    ...options,
    ...(ipsec === true && canBeProtected(draw, index) ? { ipsec } : {}),
    ...(draw.mode === 'vxlan' ? { vni: index } : {}),
    name: `tun${index}`,
    mode: draw.mode,
    ttl: draw.ttl,
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...encapOf(draw),
    ...(draw.mssClamp === undefined ? {} : { mssClamp: draw.mssClamp }),
    state: 'present',
    tags: [],
    verify: { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 },
    endpoints: [endOf(draw, index, 0), endOf(draw, index, 1)],
  };
}

/** On addresses of its own, and a vti with a mark at both ends. */
function canBeProtected({ mode, isShared, isKeyless, keys }: Draw, index: number): boolean {
  return !isShared && (modeOf(mode).protocols({}).length > 0 || (!isKeyless && keys.every((key) => index * 10 + key > 0)));
}

/** Of the modes that can have it; a port takes one protocol, and several tunnels may share it. */
function encapOf({ mode, encap, options: { ipsec } }: Draw): Pick<Tunnel, 'encap'> {
  const { encapsulated } = modeOf(mode);
  if (encapsulated === undefined || encap === undefined || ipsec === true) return {};
  const protocol = encapsulated({});
  return { encap: encap === 'gue' || protocol === undefined ? { type: 'gue', port: 5555 } : { type: 'fou', port: 5000 + protocol } };
}

/** Keys are a tunnel's own, so that identities on shared addresses differ; modes that have none always have addresses of their own. */
function endOf(draw: Draw, index: number, side: 0 | 1): TunnelEnd {
  const end = draw.ends[side];
  const mode = modeOf(draw.mode);
  const carried = (texts: readonly string[]) => texts.filter((text) => mode.inner(draw.options).includes(familyOf(text)));
  const isShared = draw.isShared && mode.toldApartBy.includes('key') && (!draw.isKeyless || index === 0);
  const place = `${isShared ? 1 : index + 2}`;
  const key = draw.isKeyless ? {} : { ikey: index * 10 + draw.keys[side] };
  return anEnd(HOSTS[draw.hosts[side]] ?? 'one', {
    device: `tun${index}`,
    local: mode.underlay.includes(4) ? `30.1.${place}.${draw.hosts[side] + 1}` : `fd30:${place}::${draw.hosts[side] + 1}`,
    ...(mode.hasKey ? key : {}),
    addresses: carried(addressesOf(end, index, side)),
    networks: carried([...networksOf(end, index, side), ...sharedOf(draw, index, side)]),
    ...(end.weight === undefined ? {} : { weight: end.weight }),
    routes: carried(['10.0.0.1']).length === 0 ? [] : routesOf(end, index, side),
    forwarding: end.forwarding,
  });
}

/** Ten forms: two of one subnet, another length, peers, a peer within a subnet, IPv6 in two lengths. */
function addressesOf({ addresses }: EndDraw, index: number, side: number): readonly string[] {
  const [me, other] = [side + 1, 2 - side];
  const forms = [
    `10.${index}.1.${me}/24`,
    `10.${index}.1.${me + 10}/24`,
    `10.${index}.1.${me + 20}/24`,
    `10.${index}.1.${me}/25`,
    `10.${index}.3.${me} peer 10.${index}.3.${other}`,
    `10.${index}.3.${me} peer 10.${index}.3.9`,
    `fd00:${index}::${me}/64`,
    `fd00:${index}::${me + 10}/64`,
    `fd00:${index}::${me}/126`,
    `fd00:${index}:7::${me} peer fd00:${index}:7::${other}`,
  ];
  const chosen = addresses.map((number) => forms[number] ?? '');
  const first = (text: string) => text.split(/[/ ]/)[0];
  return chosen.filter((text, position) => chosen.findIndex((one) => first(one) === first(text)) === position);
}

function networksOf({ networks }: EndDraw, index: number, side: number): readonly string[] {
  const forms = [`192.168.${index * 8 + side * 4}.0/24`, `172.${16 + index}.${side * 64}.0/20`, `fd10:${index}:${side}::/48`];
  return networks.map((number) => parsePrefix(forms[number] ?? '') ?? '');
}

/** Behind the host with the lower number, whatever the order of the two; IPv6 where both ends have addresses of one subnet, as the inventory's check has it. */
function sharedOf({ hosts, ends }: Draw, index: number, side: 0 | 1): readonly string[] {
  const [own, other] = [hosts[side], hosts[1 - side] ?? 0];
  if (own > other || !ends[side].isJoining) return [];
  const hasSubnet = [0, 1].every((one) => addressesOf(ends[one as 0 | 1], index, one).some((text) => /^fd00:\d+::\d+\/64$/.test(text)));
  return [`192.168.${100 + own}.0/24`, ...(hasSubnet ? [`fd20:${own + 1}::/48`] : [])];
}

/** One route a slot, as the inventory's check has it. */
function routesOf({ routes }: EndDraw, index: number, side: number): TunnelEnd['routes'] {
  const forms = [`10.${100 + index}.${side * 100}.0/24`, `10.${100 + index}.${side * 100 + 1}.0/24`, `10.${110 + index}.0.0/16`];
  return routes.map(({ to, metric, table }) => ({
    to: forms[to] ?? '',
    ...(metric === undefined ? {} : { metric }),
    ...(table === undefined ? {} : { table }),
  }));
}

/** What somebody may have typed on a host since; words that are refused there change nothing. */
export const DRIFT: fc.Arbitrary<readonly { readonly host: string; readonly command: string }[]> = fc.array(
  fc
    .record({ host: fc.constantFrom(...HOSTS), number: fc.integer({ min: 0, max: MOST_TUNNELS - 1 }), what: fc.nat({ max: driftOn(0).length - 1 }) })
    .map(({ host, number, what }) => ({
      host,
      command: driftOn(number)[what] ?? '',
    })),
  { maxLength: 4 },
);

function driftOn(number: number): readonly string[] {
  const dev = `tun${number}`;
  return [
    `link set dev ${dev} down`,
    `link set dev ${dev} mtu 1350`,
    `link set dev ${dev} mtu 1200`,
    `link change dev ${dev} type gre ttl 7`,
    `link change dev ${dev} type gre ikey 77 okey 78`,
    `link change dev ${dev} type gre icsum ocsum`,
    `link change dev ${dev} type gre nopmtudisc`,
    `link change dev ${dev} type gre tos 10`,
    `link change dev ${dev} type ipip ttl 9`,
    `link delete dev ${dev}`,
    `address add 10.${number}.1.77/24 dev ${dev}`,
    `address add 10.${number}.200.1 peer 10.${number}.200.2 dev ${dev}`,
    `address delete 10.${number}.1.1/24 dev ${dev}`,
    `address add fd00:${number}:9::1/64 dev ${dev}`,
    `route add 10.250.${number}.0/24 dev ${dev} proto static metric 7`,
    `route add fd00:250:${number}::/48 dev ${dev} proto bgp`,
    `route delete 192.168.${number * 8}.0/24 dev ${dev}`,
    `address delete fd00:${number}::1/64 dev ${dev}`,
    `link set dev ${dev} alias mine`,
    `link add name ${dev} mtu 1400 type gre local 30.1.${number + 2}.1 remote 30.1.${number + 2}.2 ikey ${number * 10} okey ${number * 10}`,
    `link add name ${dev} type ipip local 30.1.${number + 2}.2 remote 30.1.${number + 2}.1`,
    `route add 10.251.${number}.0/24 dev ${dev} src 10.${number}.1.1`,
    `route add 10.252.${number}.0/24 dev eth0 src 10.${number}.1.1`,
    `link set dev ${dev} group 7`,
    `link set dev ${dev} txqueuelen 50`,
    `link set dev ${dev} multicast on`,
    `link change dev ${dev} type gretap ttl 7 noikey nookey`,
    `link change dev ${dev} type ip6gre ttl 7 encaplimit 4 iseq`,
    `link change dev ${dev} type ip6tnl mode ipip6 flowlabel 5`,
    `link change dev ${dev} type sit ttl inherit tos 10`,
    `link change dev ${dev} type vti ikey 5 fwmark 3`,
    `link change dev ${dev} type vxlan ttl 9 tos 10`,
    `link add name ${dev} type gretap local 30.1.${number + 2}.1 remote 30.1.${number + 2}.2`,
    `link add name ${dev} type sit isatap local 30.1.${number + 2}.1 remote 30.1.${number + 2}.2 ttl 9`,
    `link add name ${dev} type vxlan id ${number + 7} local 30.1.${number + 2}.2 remote 30.1.${number + 2}.1 dstport 4789`,
    `address add fd00:${number}:8::1 peer fd00:${number}:8::2 dev ${dev}`,
  ];
}

/** Makes the tunnels on all hosts, as a run that went well would have left them; those that are refused are left out. */
export function withTunnels(kernels: ReadonlyMap<string, FakeKernel>, tunnels: readonly Tunnel[]): void {
  const observation = { hosts: observeAll(kernels, tunnels), addresses: new Map(), foreignDevices: 'refuse', keys: keysFor(tunnels) } as const;
  for (const step of tunnels.flatMap((tunnel) => planPresence(tunnel, observation).steps)) {
    const kernel = kernels.get(step.host);
    for (const command of step.forward.flatMap(commandsOf)) if (kernel !== undefined) runCommand(kernel, command);
  }
}
