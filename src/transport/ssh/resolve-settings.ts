import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../domain/host.ts';
import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { expandPath, type TokenValues, tokenValues } from './expand-tokens.ts';
import { commandLine, hostOptions } from './host-options.ts';
import { parseJumps } from './jump-hops.ts';
import { ONLY_OPENSSH, type OptionValues } from './option-values.ts';
import type { SshEnvironment } from './ssh-environment.ts';
import type { AlgorithmLists, HostKeyPolicy, IdentityFile, JumpHop, SshSettings } from './ssh-settings.ts';

/** ssh_config(5), IdentityFile: what OpenSSH tries when nothing is configured. `ssh -G` lists them as if they were. */
const DEFAULT_IDENTITIES = ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk', 'xmss', 'dsa'].map((type) => `~/.ssh/id_${type}`);
const KEEPALIVE_INTERVAL_S = 15;
const KEEPALIVE_COUNT_MAX = 3;

/** Resolves everything about the way to a host. @throws HostFailure - ssh.unsupported */
export async function resolveSettings(host: Host, environment: SshEnvironment): Promise<SshSettings> {
  return settingsFrom(await hostOptions(host, environment), host, environment);
}

/** Resolves the settings of each host of a run once. */
export function resolvingOnce(environment: SshEnvironment): (host: Host) => Promise<SshSettings> {
  const known = new WeakMap<Host, Promise<SshSettings>>();
  return (host) => {
    const settings = known.get(host) ?? resolveSettings(host, environment);
    known.set(host, settings);
    return settings;
  };
}

/** The host that stands for one hop in messages and in questions. */
export function hostOfJump({ host, user, port, configFile }: JumpHop): Host {
  const named = configFile === undefined ? {} : { sshOptions: [{ name: '-F', value: configFile }] };
  return { name: host, connection: { host, ...given('user', user), ...given('port', port), ...named } };
}

/** The last hop is reached through the ones before it; the first one as its own configuration says (ssh_config(5), ProxyJump). */
export async function settingsOfJump(hops: readonly JumpHop[], environment: SshEnvironment): Promise<SshSettings> {
  const before = hops.slice(0, -1);
  const settings = await resolveSettings(hostOfJump(hops.at(-1) ?? { host: '' }), environment);
  return before.length > 0 ? { ...settings, jumps: before } : settings;
}

/** Reads options as ssh_config(5) means them. @throws HostFailure - ssh.unsupported */
export function settingsFrom(options: OptionValues, host: Host, environment: SshEnvironment): SshSettings {
  const tokens = tokenValues(host.connection.host ?? host.name, options, environment);
  const port = readPort(host.name, options.get('port')?.[0]);
  for (const one of [tokens.hostName, tokens.alias ?? '']) refuseBadName(host.name, one);
  try {
    const jumps = jumpsOf(options, tokens, commandLine(host).configFile);
    return {
      ...basics(options, tokens, environment),
      jumps,
      port,
      ...files(host, options, { tokens, environment }),
      ...switches(options, environment),
    };
  } catch (error) {
    throw unsupported(host.name, `in the SSH configuration ${error instanceof Error ? error.message : String(error)}`);
  }
}

function basics(options: OptionValues, tokens: TokenValues, environment: SshEnvironment) {
  const { name, hostName, user, alias } = tokens;
  return {
    name,
    hostName,
    user,
    ...given('hostKeyAlias', alias),
    ...agentSocket(options, tokens, environment),
    onlyOpenSsh: onlyOpenSsh(options, environment),
  };
}

function files(host: Host, options: OptionValues, { tokens, environment }: { tokens: TokenValues; environment: SshEnvironment }) {
  const expand = (path: string) => expandPath(path, tokens, environment);
  const originOf = (path: string) =>
    path === host.connection.privateKeyFile ? 'inventory' : DEFAULT_IDENTITIES.includes(path) ? 'default' : 'configuration';
  const identities = (options.get('identityfile') ?? DEFAULT_IDENTITIES).filter((path) => path !== 'none');
  const systemDir = environment.systemDir ?? '/etc/ssh';
  return {
    identityFiles: identities.map((path): IdentityFile => ({ path: expand(path), origin: originOf(path) })),
    certificateFiles: (options.get('certificatefile') ?? []).filter((path) => path !== 'none').map(expand),
    userKnownHostsFiles: pathList(options.get('userknownhostsfile')?.[0] ?? '~/.ssh/known_hosts ~/.ssh/known_hosts2').map(expand),
    globalKnownHostsFiles: pathList(
      options.get('globalknownhostsfile')?.[0] ?? `${join(systemDir, 'ssh_known_hosts')} ${join(systemDir, 'ssh_known_hosts2')}`,
    ).map(expand),
  };
}

function switches(options: OptionValues, environment: SshEnvironment) {
  const first = (option: string) => options.get(option)?.[0];
  const isOn = (option: string, byDefault: boolean) => /^(?:yes|true)$/iu.test(first(option) ?? (byDefault ? 'yes' : 'no'));
  const family = first('addressfamily')?.toLowerCase();
  return {
    identitiesOnly: isOn('identitiesonly', false),
    hostKeyPolicy: readPolicy(first('stricthostkeychecking')),
    isKnownHostHashed: isOn('hashknownhosts', false),
    connectTimeoutMs: seconds(first('connecttimeout'), environment.connectTimeoutMs / 1000) * 1000,
    keepaliveIntervalMs: keepaliveSeconds(first('serveraliveinterval'), isOn('batchmode', false)) * 1000,
    keepaliveCountMax: seconds(first('serveralivecountmax'), KEEPALIVE_COUNT_MAX),
    ...(family === 'inet' ? { family: 4 as const } : family === 'inet6' ? { family: 6 as const } : {}),
    ...given('bindAddress', first('bindaddress')),
    mayAsk: !isOn('batchmode', false),
    methods: methodsOf(options),
    algorithms: readAlgorithms(options),
  };
}

/** ssh_config(5), IdentityAgent: a path, `none`, `SSH_AUTH_SOCK` or the name of a variable after a dollar sign. */
function agentSocket(options: OptionValues, tokens: TokenValues, environment: SshEnvironment): { readonly agentSocket?: string } {
  const named = options.get('identityagent')?.[0] ?? 'SSH_AUTH_SOCK';
  if (named === 'none') return {};
  if (named === 'SSH_AUTH_SOCK') return given('agentSocket', environment.env.SSH_AUTH_SOCK || undefined);
  if (/^\$[A-Za-z_]\w*$/u.test(named)) return given('agentSocket', environment.env[named.slice(1)] || undefined);
  return { agentSocket: expandPath(named, tokens, environment) };
}

/** A file named by `-F` is that of its jump hosts too (ssh.c, main()). */
function jumpsOf(options: OptionValues, tokens: TokenValues, configFile: string | undefined): readonly JumpHop[] {
  const value = options.get('proxyjump')?.[0];
  if (value === undefined || value.toLowerCase() === 'none') return [];
  return parseJumps(value.replaceAll('%h', tokens.hostName)).map((hop) => ({ ...hop, ...given('configFile', configFile) }));
}

function readPolicy(value = 'ask'): HostKeyPolicy {
  switch (value.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'yes';
    case 'no':
    case 'off':
    case 'false':
      return 'no';
    case 'accept-new':
      return 'accept-new';
    default:
      return 'ask';
  }
}

/** PreferredAuthentications is not only an order: what it leaves out is not tried. */
function methodsOf(options: OptionValues): SshSettings['methods'] {
  const preferred = options.get('preferredauthentications')?.[0]?.toLowerCase().split(',');
  const isOn = (option: string, method: string) => {
    const value = options.get(option)?.[0]?.toLowerCase();
    return value !== 'no' && value !== 'false' && preferred?.includes(method) !== false;
  };
  return {
    publicKey: isOn('pubkeyauthentication', 'publickey'),
    password: isOn('passwordauthentication', 'password'),
    keyboardInteractive: isOn('kbdinteractiveauthentication', 'keyboard-interactive'),
  };
}

/** The options that ssh2 cannot follow, as they stand. GSSAPI counts only where there is a ticket: distributions switch it on for everybody. */
function onlyOpenSsh(options: OptionValues, { env }: SshEnvironment): readonly string[] {
  const isAsked = ([option, { idle }]: readonly [string, { readonly idle: readonly string[] }]) => {
    const value = options.get(option)?.[0];
    return value !== undefined && !idle.includes(value.toLowerCase());
  };
  const hasGssapi = /^(?:yes|true)$/iu.test(options.get('gssapiauthentication')?.[0] ?? '') && hasTicket(env.KRB5CCNAME);
  return [...[...ONLY_OPENSSH].filter(isAsked).map(([, { name }]) => name), ...(hasGssapi ? ['GSSAPIAuthentication'] : [])];
}

/** Without KRB5CCNAME the cache is this file on most systems: krb5.conf(5), default_ccache_name. */
function hasTicket(named: string | undefined): boolean {
  return named === undefined || named === '' ? existsSync(`/tmp/krb5cc_${process.getuid?.() ?? 0}`) : true;
}

/** Only what a person wrote: a list of `ssh -G` that is OpenSSH's own default says nothing about ssh2. */
function readAlgorithms(options: OptionValues): AlgorithmLists {
  const list = (option: string) => options.get(option)?.[0]?.split(',');
  return {
    ...given('kex', list('kexalgorithms')),
    ...given('hostKeys', list('hostkeyalgorithms')),
    ...given('ciphers', list('ciphers')),
    ...given('macs', list('macs')),
  };
}

function pathList(value: string): readonly string[] {
  return value.split(/\s+/u).filter((path) => path !== '' && path !== 'none');
}

/** Zero and words such as `none` mean that the option is not set. */
function seconds(value: string | undefined, byDefault: number): number {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : byDefault;
}

/** Debian's ssh sets 300 s by itself under BatchMode (its ssh_config(5), ServerAliveInterval): nobody chose that. */
function keepaliveSeconds(value: string | undefined, isBatch: boolean): number {
  return isBatch && value === '300' ? KEEPALIVE_INTERVAL_S : seconds(value, KEEPALIVE_INTERVAL_S);
}

function readPort(host: string, value = '22'): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw unsupported(host, `the port «${value}» is none`);
}

/** What no host name has, and what would mean something else in a line of known_hosts, which OpenSSH refuses too (ssh.c, valid_hostname). */
function refuseBadName(host: string, name: string): void {
  if (/[\s\p{Cc},*?!|'"`;&$()<>\\{}@#]|^-/u.test(name)) throw unsupported(host, `«${quoteWords(name)}» is no name of a host`);
}

function unsupported(host: string, message: string, hint = 'Correct ~/.ssh/config or the connection variables of the host.'): HostFailure {
  return new HostFailure({ code: 'ssh.unsupported', host, message, hint });
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value });
}
