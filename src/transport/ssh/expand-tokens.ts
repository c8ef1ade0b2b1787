import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { OptionValues } from './option-values.ts';
import type { SshEnvironment } from './ssh-environment.ts';

/** What the tokens of a text stand for: ssh_config(5), TOKENS. */
export interface TokenValues {
  /** As it was typed. */
  readonly name: string;
  readonly hostName: string;
  readonly port: string;
  readonly user: string;
  readonly alias?: string;
  readonly jump?: string;
}

/** The values that the options have so far. */
export function tokenValues(name: string, options: OptionValues, { controllerUser }: SshEnvironment): TokenValues {
  const first = (option: string) => options.get(option)?.[0];
  const [alias, jump] = [first('hostkeyalias')?.toLowerCase(), first('proxyjump')];
  return {
    name,
    hostName: hostNameOf(name, options),
    port: first('port') ?? '22',
    user: first('user') ?? controllerUser,
    ...(alias === undefined ? {} : { alias }),
    ...(jump === undefined || jump.toLowerCase() === 'none' ? {} : { jump }),
  };
}

/** HostName with its tokens, in lower case, as it is dialled. */
export function hostNameOf(typed: string, options: OptionValues): string {
  const hostName = options.get('hostname')?.[0] ?? typed;
  return hostName.replaceAll(/%([h%])/gu, (_, token: string) => (token === 'h' ? typed : '%')).toLowerCase();
}

/** Expands `~/`, and what expandTokens() does. @throws Error - a token or variable that has no value */
export function expandPath(path: string, values: TokenValues, environment: SshEnvironment): string {
  const withVariables = path.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/gu, (_, name: string) => known(environment.env[name], `\${${name}}`));
  const expanded = expandTokens(withVariables, values, environment);
  if (expanded === '~') return environment.homeDir;
  return expanded.startsWith('~/') ? join(environment.homeDir, expanded.slice(2)) : expanded;
}

/** Expands `%h` and its like. @throws Error - a token that has no value */
export function expandTokens(text: string, values: TokenValues, environment: SshEnvironment): string {
  const tokens = tokenTable(values, environment);
  return text.replaceAll(/%(.)/gu, (_, token: string) => known(tokens.get(token), `%${token}`));
}

/** `%C` has had the jump host in it since OpenSSH 9.6; without one it is the same in all. */
function tokenTable(values: TokenValues, environment: SshEnvironment): ReadonlyMap<string, string> {
  const { name, hostName, port, user, alias, jump = '' } = values;
  const connection = createHash('sha1').update([hostname(), hostName, port, user, jump].join(''));
  return new Map([
    ['%', '%'],
    ['C', connection.digest('hex')],
    ['d', environment.homeDir],
    ['h', hostName],
    ['i', String(process.getuid?.() ?? '')],
    ['j', jump],
    ['k', alias ?? name],
    ['L', hostname().split('.')[0] ?? ''],
    ['l', hostname()],
    ['n', name],
    ['p', port],
    ['r', user],
    ['u', environment.controllerUser],
  ]);
}

function known(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} has no value`);
  return value;
}
