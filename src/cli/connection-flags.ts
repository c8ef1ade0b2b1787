import { lookup } from 'node:dns/promises';
import type { Family, IpAddress } from '../domain/address.ts';
import { parseAddress } from '../domain/address.ts';
import type { Host } from '../domain/host.ts';
import type { Secret } from '../domain/secret.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { askSecretOnTerminal } from './ask.ts';
import type { RunFlags } from './flags.ts';

type ConnectionFlags = Pick<RunFlags, 'user' | 'privateKey' | 'askPass' | 'askBecomePass'>;

/** Hosts with what the command line adds: as in Ansible, flags give what the inventory leaves open. */
export async function withFlags(hosts: ReadonlyMap<string, Host>, flags: ConnectionFlags): Promise<ReadonlyMap<string, Host>> {
  const password = flags.askPass === true ? await askSecretOnTerminal('SSH password: ') : undefined;
  const becomePassword = flags.askBecomePass === true ? await askSecretOnTerminal('BECOME password: ') : undefined;
  return new Map([...hosts].map(([name, host]) => [name, withFlag(host, { flags, password, becomePassword })]));
}

function withFlag(
  { name, connection }: Host,
  {
    flags,
    password,
    becomePassword,
  }: { readonly flags: ConnectionFlags; readonly password: Secret | undefined; readonly becomePassword: Secret | undefined },
): Host {
  const { become } = connection;
  return {
    name,
    connection: {
      ...(flags.user === undefined ? {} : { user: flags.user }),
      ...(flags.privateKey === undefined ? {} : { privateKeyFile: flags.privateKey }),
      ...(password === undefined ? {} : { password }),
      ...connection,
      ...(become === undefined ? {} : { become: { ...(becomePassword === undefined ? {} : { password: becomePassword }), ...become } }),
    },
  };
}

/** Outer addresses of the hosts whose endpoints leave `local` out: what they are dialled by, names resolved here, in each family that is needed. */
export async function outerAddresses(
  tunnels: readonly Tunnel[],
  hosts: ReadonlyMap<string, Host>,
): Promise<ReadonlyMap<string, readonly IpAddress[]>> {
  const wanted = new Map<string, Set<Family>>();
  for (const { mode, endpoints } of tunnels) {
    for (const { host } of endpoints.filter((end) => end.local === undefined && end.public === undefined))
      wanted.set(host, new Set([...(wanted.get(host) ?? []), ...modeOf(mode).underlay]));
  }
  const found = await Promise.all(
    [...wanted].map(async ([name, families]) => {
      const dialled = hosts.get(name)?.connection.host ?? name;
      const addresses = await Promise.all([...families].map((family) => addressOf(dialled, family)));
      return [name, [...new Set(addresses.filter((address) => address !== undefined))]] as const;
    }),
  );
  return new Map(found);
}

async function addressOf(dialled: string, family: Family): Promise<IpAddress | undefined> {
  const literal = parseAddress(dialled);
  if (literal !== undefined) return literal;
  return lookup(dialled, { family }).then(
    ({ address }) => parseAddress(address),
    () => undefined,
  );
}
