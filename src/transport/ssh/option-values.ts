/** Options of ssh_config(5) by lower-case name, each with its values in the order in which they count. */
export type OptionValues = ReadonlyMap<string, readonly string[]>;

export interface OptionLine {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

/** Options that add up; of every other one the first value counts (ssh_config(5), DESCRIPTION). */
const ADDING: ReadonlySet<string> = new Set(['identityfile', 'certificatefile']);

export function collectOptions(lines: readonly OptionLine[]): OptionValues {
  const values = new Map<string, string[]>();
  for (const { name, value } of lines) {
    if (isOvertaken(name, values)) continue;
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value]);
    else if (ADDING.has(name) && !earlier.includes(value)) earlier.push(value);
  }
  return values;
}

/** Of ProxyJump and ProxyCommand the one that comes first keeps the other out, but for `ProxyJump none` (readconf.c). */
function isOvertaken(name: string, values: OptionValues): boolean {
  if (name === 'proxyjump') return values.has('proxycommand');
  return name === 'proxycommand' && (values.get('proxyjump')?.[0] ?? 'none').toLowerCase() !== 'none';
}

/** Options that tunorch follows itself. */
export const FOLLOWED: ReadonlySet<string> = new Set([
  'addressfamily',
  'batchmode',
  'bindaddress',
  'canonicaldomains',
  'canonicalizefallbacklocal',
  'canonicalizehostname',
  'canonicalizemaxdots',
  'canonicalizepermittedcnames',
  'certificatefile',
  'ciphers',
  'connecttimeout',
  'globalknownhostsfile',
  'gssapiauthentication',
  'hashknownhosts',
  'hostkeyalgorithms',
  'hostkeyalias',
  'hostname',
  'identitiesonly',
  'identityagent',
  'identityfile',
  'ignoreunknown',
  'kbdinteractiveauthentication',
  'kexalgorithms',
  'macs',
  'passwordauthentication',
  'port',
  'preferredauthentications',
  'proxyjump',
  'pubkeyauthentication',
  'serveralivecountmax',
  'serveraliveinterval',
  'stricthostkeychecking',
  'user',
  'userknownhostsfile',
]);

/**
 * Options that only OpenSSH itself can follow, with the values that ask for nothing: any other one makes its program the way to the host.
 */
export const ONLY_OPENSSH: ReadonlyMap<string, { readonly name: string; readonly idle: readonly string[] }> = new Map(
  [
    { name: 'BindInterface', idle: ['none'] },
    { name: 'HostbasedAuthentication', idle: ['no', 'false'] },
    { name: 'KnownHostsCommand', idle: ['none'] },
    { name: 'PKCS11Provider', idle: ['none'] },
    { name: 'ProxyCommand', idle: ['none'] },
    { name: 'RequiredRSASize', idle: ['1024'] },
    { name: 'RevokedHostKeys', idle: ['none'] },
    { name: 'SecurityKeyProvider', idle: ['internal'] },
    { name: 'VerifyHostKeyDNS', idle: ['no', 'false', 'ask'] },
  ].map((option) => [option.name.toLowerCase(), option]),
);

/** Options that change nothing about a session such as tunorch's: multiplexing, forwarding, terminals, what is printed, what is sent along. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'addkeystoagent',
  'casignaturealgorithms',
  'channeltimeout',
  'checkhostip',
  'clearallforwardings',
  'compression',
  'connectionattempts',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'dynamicforward',
  'enableescapecommandline',
  'enablesshkeysign',
  'escapechar',
  'exitonforwardfailure',
  'fingerprinthash',
  'forkafterauthentication',
  'forwardagent',
  'forwardx11',
  'forwardx11timeout',
  'forwardx11trusted',
  'gatewayports',
  'gssapidelegatecredentials',
  'gssapikexalgorithms',
  'gssapikeyexchange',
  'gssapirenewalforcesrekey',
  'gssapitrustdns',
  'hostbasedacceptedalgorithms',
  'ipqos',
  'localcommand',
  'localforward',
  'loglevel',
  'logverbose',
  'nohostauthenticationforlocalhost',
  'numberofpasswordprompts',
  'obscurekeystroketiming',
  'permitlocalcommand',
  'permitremoteopen',
  'proxyusefdpass',
  'pubkeyacceptedalgorithms',
  'pubkeyacceptedkeytypes',
  'rekeylimit',
  'remotecommand',
  'remoteforward',
  'requesttty',
  'sendenv',
  'sessiontype',
  'setenv',
  'stdinnull',
  'streamlocalbindmask',
  'streamlocalbindunlink',
  'syslogfacility',
  'tag',
  'tcpkeepalive',
  'tunnel',
  'tunneldevice',
  'updatehostkeys',
  'visualhostkey',
  'xauthlocation',
]);

/** Older names of options that are still read (readconf.c). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['challengeresponseauthentication', 'kbdinteractiveauthentication'],
  ['identityfile2', 'identityfile'],
]);

export function currentName(name: string): string {
  return ALIASES.get(name) ?? name;
}

/** Whether tunorch knows what an option means for it. */
export function isKnownOption(name: string): boolean {
  return FOLLOWED.has(name) || ONLY_OPENSSH.has(name) || WITHOUT_EFFECT.has(name);
}
