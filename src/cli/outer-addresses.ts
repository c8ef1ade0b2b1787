import { lookup } from 'node:dns/promises';
import { type Family, type IpAddress, parseAddress } from '../domain/address.ts';
import type { Host } from '../domain/host.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { resolveSettings } from '../transport/ssh/resolve-settings.ts';
import type { SshEnvironment } from '../transport/ssh/ssh-environment.ts';

/**
 * Outer addresses of the hosts whose endpoints leave `local` out: what they are dialled by, as the inventory or HostName of
 * ssh_config(5) has it, names resolved here, in each family that is needed.
 */
export async function outerAddresses(
  tunnels: readonly Tunnel[],
  hosts: ReadonlyMap<string, Host>,
  environment: SshEnvironment,
): Promise<ReadonlyMap<string, readonly IpAddress[]>> {
  const wanted = new Map<string, Set<Family>>();
  for (const { mode, endpoints } of tunnels) {
    for (const { host } of endpoints.filter((end) => end.local === undefined && end.public === undefined))
      wanted.set(host, new Set([...(wanted.get(host) ?? []), ...modeOf(mode).underlay]));
  }
  const found = await Promise.all(
    [...wanted].map(async ([name, families]) => {
      const dialled = await dialledName(hosts.get(name) ?? { name, connection: {} }, environment);
      const addresses = await Promise.all([...families].map((family) => addressOf(dialled, family)));
      return [name, [...new Set(addresses.filter((address) => address !== undefined))]] as const;
    }),
  );
  return new Map(found);
}

/** A configuration that cannot be followed is told by the connection. */
async function dialledName(host: Host, environment: SshEnvironment): Promise<string> {
  return resolveSettings(host, environment).then(
    ({ hostName }) => hostName,
    () => host.connection.host ?? host.name,
  );
}

async function addressOf(dialled: string, family: Family): Promise<IpAddress | undefined> {
  const literal = parseAddress(dialled);
  if (literal !== undefined) return literal;
  return lookup(dialled, { family }).then(
    ({ address }) => parseAddress(address),
    () => undefined,
  );
}
