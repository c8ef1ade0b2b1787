import type { SshOption } from '../../domain/host.ts';
import { nearest } from '../nearest.ts';

/** What the words of ansible_ssh_common_args mean, and each word that has no meaning here. */
export interface SshArguments {
  readonly options: readonly SshOption[];
  readonly refusals: readonly { readonly word: string; readonly hint: string }[];
}

/** Options of ssh_config(5) that the connection follows. */
const FOLLOWED = wordsOf(`
  AddressFamily BatchMode BindAddress BindInterface CanonicalDomains CanonicalizeFallbackLocal CanonicalizeHostname CanonicalizeMaxDots
  CanonicalizePermittedCNAMEs CertificateFile Ciphers ConnectTimeout GlobalKnownHostsFile GSSAPIAuthentication HashKnownHosts
  HostbasedAuthentication HostKeyAlgorithms HostKeyAlias HostName IdentitiesOnly IdentityAgent IdentityFile IgnoreUnknown
  KbdInteractiveAuthentication KexAlgorithms KnownHostsCommand MACs PasswordAuthentication PKCS11Provider Port PreferredAuthentications
  ProxyCommand ProxyJump PubkeyAuthentication RequiredRSASize RevokedHostKeys SecurityKeyProvider ServerAliveCountMax ServerAliveInterval
  StrictHostKeyChecking User UserKnownHostsFile VerifyHostKeyDNS
`);

/** Options that change nothing for one connection a host that is kept for the whole run: multiplexing, forwarding, what is printed. */
const WITHOUT_EFFECT = wordsOf(`
  AddKeysToAgent CheckHostIP ClearAllForwardings Compression ControlMaster ControlPath ControlPersist ForwardAgent ForwardX11
  ForwardX11Trusted GSSAPIDelegateCredentials IPQoS LogLevel NumberOfPasswordPrompts RequestTTY SendEnv SetEnv TCPKeepAlive
  UpdateHostKeys VisualHostKey
`);

/** Letters of ssh(1) that stand for an option. `-F` is no option of ssh_config(5): it names the file itself. */
const LETTERS: Readonly<Record<string, string>> = { J: 'ProxyJump', F: 'ConfigFile', i: 'IdentityFile', p: 'Port' };

/** Letters of ssh(1) whose value may be the next word. */
const TAKES_VALUE = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

const FLAGS_WITHOUT_EFFECT = new Set(['-A', '-a', '-C', '-q', '-T', '-v', '-vv', '-vvv', '-x']);

/** Reads the words as the shell would split them and ssh(1) would take them. */
export function parseSshArguments(text: string): SshArguments {
  const words = splitWords(text);
  if (words === undefined) return { options: [], refusals: [{ word: text, hint: 'Close the quote.' }] };
  const meanings = flagsIn(words).flatMap((flag) => meaningOf(flag) ?? []);
  return {
    options: meanings.flatMap((meaning) => ('hint' in meaning ? [] : [meaning])),
    refusals: meanings.flatMap((meaning) => ('hint' in meaning ? [meaning] : [])),
  };
}

/** One flag with its value, attached to it or in the next word. */
interface Flag {
  readonly word: string;
  readonly value?: string;
}

type Refusal = SshArguments['refusals'][number];

function flagsIn(words: readonly string[]): readonly Flag[] {
  const flags: Flag[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, letter, attached] = /^(-[oJFip])(.+)$/s.exec(word) ?? [];
    if (letter !== undefined && attached !== undefined) flags.push({ word: letter, value: attached });
    else {
      const value = TAKES_VALUE.test(word) ? rest.shift() : undefined;
      flags.push({ word, ...(value === undefined ? {} : { value }) });
    }
  }
  return flags;
}

/** Undefined for a flag that changes nothing here. */
function meaningOf({ word, value }: Flag): SshOption | Refusal | undefined {
  if (FLAGS_WITHOUT_EFFECT.has(word)) return undefined;
  const shown = value === undefined ? word : `${word} ${value}`;
  if (!/^-[oJFip]$/.test(word)) return { word: shown, hint: 'Only -o, -J, -F, -i and -p are understood. Put anything else into ~/.ssh/config.' };
  if (value === undefined) return { word: shown, hint: 'It needs a value after it.' };
  const name = LETTERS[word.slice(1)];
  if (name !== undefined) return { name, value };
  const option = optionOf(value);
  return option !== undefined && 'refused' in option ? { word: shown, hint: option.refused } : option;
}

/** The value of `-o`. */
function optionOf(value: string): SshOption | { readonly refused: string } | undefined {
  const [, key = '', argument = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*\S)\s*$/s.exec(value) ?? [];
  if (key === '') return { refused: 'Write -o Name=value.' };
  const followed = FOLLOWED.find((one) => one.toLowerCase() === key.toLowerCase());
  if (followed !== undefined) return { name: followed, value: argument };
  if (WITHOUT_EFFECT.some((one) => one.toLowerCase() === key.toLowerCase())) return undefined;
  const meant = nearest(key, FOLLOWED);
  return { refused: meant === undefined ? `Understood are ${FOLLOWED.join(', ')}.` : `Did you mean «${meant}»?` };
}

function wordsOf(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Words as a POSIX shell splits them, without any expansion; undefined where a quote stays open. */
export function splitWords(text: string): readonly string[] | undefined {
  const pieces = /\s+|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])|([^\s"'\\]+)|(["'\\])/g;
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, double, single, escaped, bare, open] of text.matchAll(pieces)) {
    if (open !== undefined) return undefined;
    if (/^\s/.test(piece)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? '') + (double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? bare ?? '');
  }
  return word === undefined ? words : [...words, word];
}
