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
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value]);
    else if (ADDING.has(name) && !earlier.includes(value)) earlier.push(value);
  }
  return values;
}

/** Options that tunorch follows itself. */
export const FOLLOWED: ReadonlySet<string> = new Set([
  'addressfamily',
  'batchmode',
  'bindaddress',
  'certificatefile',
  'ciphers',
  'connecttimeout',
  'globalknownhostsfile',
  'hashknownhosts',
  'hostkeyalgorithms',
  'hostkeyalias',
  'hostname',
  'identitiesonly',
  'identityagent',
  'identityfile',
  'kbdinteractiveauthentication',
  'kexalgorithms',
  'macs',
  'passwordauthentication',
  'port',
  'proxycommand',
  'proxyjump',
  'pubkeyauthentication',
  'serveralivecountmax',
  'serveraliveinterval',
  'stricthostkeychecking',
  'user',
  'userknownhostsfile',
]);

/** Options that change nothing about a session such as tunorch's: multiplexing, forwarding, terminals, what is printed, what is sent along. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'addkeystoagent',
  'checkhostip',
  'clearallforwardings',
  'compression',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'escapechar',
  'exitonforwardfailure',
  'fingerprinthash',
  'forwardagent',
  'forwardx11',
  'forwardx11trusted',
  'gssapiauthentication',
  'gssapidelegatecredentials',
  'gssapikeyexchange',
  'hostbasedauthentication',
  'ipqos',
  'loglevel',
  'nohostauthenticationforlocalhost',
  'numberofpasswordprompts',
  'permitlocalcommand',
  'preferredauthentications',
  'rekeylimit',
  'requesttty',
  'sendenv',
  'setenv',
  'tcpkeepalive',
  'updatehostkeys',
  'visualhostkey',
]);
