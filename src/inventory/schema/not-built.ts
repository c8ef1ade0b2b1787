/** Words of the contract that this release does not act on yet: refused by name, never ignored. */
export const notBuilt = {
  inventory: new Set(['meshes']),
  tunnel: new Set(['tos', 'csum', 'seq', 'pmtudisc', 'mss_clamp', 'encap', 'ipsec', 'vni', 'port', 'persist']),
  endpoint: new Set(['zone']),
  verify: new Set(['targets']),
  mode: new Set(['gretap', 'sit', 'isatap', 'vti', 'ip6gre', 'ip6gretap', 'ip6tnl', 'vti6', 'vxlan']),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;
