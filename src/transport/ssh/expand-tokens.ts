import { hostname } from 'node:os';
import { join } from 'node:path';
import type { SshEnvironment } from './ssh-environment.ts';

/** What the tokens of a path stand for: ssh_config(5), TOKENS. */
export interface TokenValues {
  readonly name: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly alias?: string;
  readonly jump?: string;
}

/** Expands `~/`, `%h` and its like, and `${NAME}`. @throws Error - a token or variable that has no value */
export function expandPath(path: string, values: TokenValues, environment: SshEnvironment): string {
  const tokens = tokenTable(values, environment);
  const expanded = path
    .replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/gu, (_, name: string) => known(environment.env[name], `\${${name}}`))
    .replaceAll(/%(.)/gu, (_, token: string) => known(tokens.get(token), `%${token}`));
  if (expanded === '~') return environment.homeDir;
  return expanded.startsWith('~/') ? join(environment.homeDir, expanded.slice(2)) : expanded;
}

function tokenTable(values: TokenValues, environment: SshEnvironment): ReadonlyMap<string, string> {
  return new Map([
    ['%', '%'],
    ['d', environment.homeDir],
    ['h', values.hostName],
    ['i', String(process.getuid?.() ?? '')],
    ['j', values.jump ?? ''],
    ['k', values.alias ?? values.name],
    ['L', hostname().split('.')[0] ?? ''],
    ['l', hostname()],
    ['n', values.name],
    ['p', String(values.port)],
    ['r', values.user],
    ['u', environment.controllerUser],
  ]);
}

function known(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} has no value`);
  return value;
}
