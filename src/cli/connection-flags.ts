import type { Host } from '../domain/host.ts';
import type { Secret } from '../domain/secret.ts';
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
