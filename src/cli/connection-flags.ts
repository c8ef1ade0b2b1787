import { lookup } from 'node:dns/promises';
import type { IpAddress } from '../domain/address.ts';
import { parseAddress } from '../domain/address.ts';
import type { Host } from '../domain/host.ts';
import type { Secret } from '../domain/secret.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { askSecretOnTerminal } from './ask.ts';
import type { RunFlags } from './flags.ts';

/** Hosts with what the command line adds: as in Ansible, flags give what the inventory leaves open. */
export async function withFlags(hosts: ReadonlyMap<string, Host>, flags: RunFlags): Promise<ReadonlyMap<string, Host>> {
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
  }: { readonly flags: RunFlags; readonly password: Secret | undefined; readonly becomePassword: Secret | undefined },
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

/** Outer addresses of the hosts whose endpoints leave `local` out: what they are dialled by, names resolved here. */
export async function outerAddresses(tunnels: readonly Tunnel[], hosts: ReadonlyMap<string, Host>): Promise<ReadonlyMap<string, IpAddress>> {
  const wanted = new Map(
    tunnels.flatMap(({ mode, endpoints }) =>
      endpoints.filter((end) => end.local === undefined && end.public === undefined).map((end) => [end.host, modeOf(mode).underlay] as const),
    ),
  );
  const found = await Promise.all(
    [...wanted].map(async ([name, family]) => [name, await addressOf(hosts.get(name)?.connection.host ?? name, family)] as const),
  );
  return new Map(found.filter((entry): entry is [string, IpAddress] => entry[1] !== undefined));
}

async function addressOf(dialled: string, family: 4 | 6): Promise<IpAddress | undefined> {
  const literal = parseAddress(dialled);
  if (literal !== undefined) return literal;
  return lookup(dialled, { family }).then(
    ({ address }) => parseAddress(address),
    () => undefined,
  );
}
