import { BACK_END_NAMES, type BackEndName } from '../../src/domain/persistence.ts';
import type { ModeName } from '../../src/domain/tunnel.ts';

/** A tunnel as an inventory has it. */
interface Persisted {
  readonly persist: BackEndName;
}

/** What a mode needs to be said beside `mode`: in a `netplan` or `networkmanager` only one family crosses an ip6tnl. */
const MODES: Readonly<Partial<Record<ModeName, (persist: BackEndName) => object>>> = {
  gre: () => ({ key: 9, ttl: 33, tos: 16 }),
  gretap: () => ({ key: 8 }),
  ipip: () => ({ ttl: 'inherit', pmtudisc: false }),
  sit: () => ({}),
  isatap: () => ({}),
  ip6gre: () => ({ key: 7 }),
  ip6gretap: () => ({}),
  ip6tnl: (persist) => ({ proto: persist === 'networkd' ? 'any' : 'ipip6' }),
  vxlan: () => ({}),
};

/** Those that have words of their own for a link; vti carries nothing without IPsec, which no file keeps. */
const WITH_WORDS: readonly (readonly [BackEndName, string])[] = [
  ['networkd', 'nd'],
  ['netplan', 'np'],
  ['networkmanager', 'nm'],
];

/** Modes a back end cannot say. */
const WORDLESS: Readonly<Partial<Record<BackEndName, readonly ModeName[]>>> = {
  netplan: ['isatap'],
  networkmanager: ['isatap', 'ip6gre', 'ip6gretap'],
};

/** A tunnel of every back end with what is easily lost on the way: a key, a route with and without a metric, forwarding, IPv6. */
export const TUNNELS: Readonly<Record<string, Persisted>> = Object.fromEntries(
  BACK_END_NAMES.map((persist, index) => {
    const end = (own: number, behind: number) => ({
      local: `30.2.1.${own}`,
      address: [`10.12.${index}.${own}`, `fd00:12:${index}::${own}`],
      networks: [`10.13.${2 * index + behind}.0/24`, `fd00:13:${2 * index + behind}::/64`],
      routes: [{ to: `10.14.${index}.0/24`, metric: 7, table: 99 }],
    });
    const endpoints = { 'server-a': end(1, 0), 'server-b': end(2, 1) };
    return [`p${index}`, { mode: 'gre', key: 10 + index, ttl: 77, mtu: 1400, persist, verify: { count: 2 }, endpoints }];
  }),
);

/** Every mode that a back end has its own words for, each between outer addresses of its own. */
export const MODE_TUNNELS: Readonly<Record<string, Persisted>> = Object.fromEntries(
  WITH_WORDS.flatMap(([persist, prefix]) =>
    Object.keys(MODES)
      .filter((mode) => WORDLESS[persist]?.includes(mode as ModeName) !== true)
      .map((mode) => [persist, prefix, mode as ModeName] as const),
  ).map(([persist, prefix, mode], index) => [
    `${prefix}-${mode}`,
    {
      mode,
      ...MODES[mode]?.(persist),
      ...(mode === 'vxlan' ? { vni: 100 + index } : {}),
      mtu: 1400,
      persist,
      verify: { count: 2 },
      endpoints: { 'server-a': end(mode, index, 1), 'server-b': end(mode, index, 2) },
    },
  ]),
);

function end(mode: ModeName, index: number, own: number): object {
  const local = mode.startsWith('ip6') ? `fd00:30:${index}::${own}` : outer(index, own);
  if (mode === 'isatap') return { local, address: `fd00:15:${index}::5efe:${local}/64` };
  return { local, address: mode === 'sit' ? `fd00:15:${index}::${own}` : mode === 'vxlan' ? `10.15.${index}.${own}/24` : `10.15.${index}.${own}` };
}

function outer(index: number, own: number): string {
  return `30.3.${index}.${own}`;
}

/** Gives a host the outer addresses of {@link MODE_TUNNELS}; nothing brings them back at boot. */
export function outerAddresses(own: number): string {
  return Object.keys(MODE_TUNNELS)
    .flatMap((_, index) => [`address add ${outer(index, own)}/24 dev eth1`, `address add fd00:30:${index}::${own}/64 dev eth1 nodad`])
    .join('\n');
}
