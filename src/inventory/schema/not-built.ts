/** Words of the contract that this release does not act on yet: refused by name, never ignored. */
export const notBuilt = {
  tunnel: new Set<string>(),
  endpoint: new Set(['zone']),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;
