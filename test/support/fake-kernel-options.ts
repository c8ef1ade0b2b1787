import { parseAddress } from '../../src/domain/address.ts';
import { type KernelState, linkNamed, Refusal, type TunnelParameters, type Words } from './fake-kernel-state.ts';

const GRE_SWITCHES = ['icsum', 'ocsum', 'iseq', 'oseq'] as const;

export function defaultParameters(kind: string): TunnelParameters {
  const off = { icsum: false, ocsum: false, iseq: false, oseq: false, ignoreDf: false };
  const parameters = { local: 'any', remote: 'any', ttl: 0, tos: 0, fwmark: 0, pmtudisc: true, ...off };
  return kind === 'ipip' ? { ...parameters, proto: 'any' } : parameters;
}

/** What comes after `type gre` or `type ipip`, merged into what the tunnel has (iproute2 reads it first, ip/link_gre.c). */
export function parseTunnelOptions(state: KernelState, kind: string, words: Words, before: TunnelParameters): TunnelParameters {
  const now: TunnelParameters = structuredClone(before);
  let hasPorts = false;
  while (!words.isEmpty) {
    const word = words.next();
    hasPorts ||= word === 'encap-dport';
    if (!takeCommon(state, word, { now, words }) && !takeEncap(word, { now, words }) && !(kind === 'gre' ? takeGre : takeIpip)(word, { now, words }))
      throw new Refusal(`Usage: ... ${kind}`, 255);
  }
  if (kind === 'ipip' && now.ttl !== 0 && !now.pmtudisc) throw new Refusal('ttl != 0 and nopmtudisc are incompatible', 255, true);
  if (now.ignoreDf && now.pmtudisc) throw new Refusal('RTNETLINK answers: Invalid argument');
  if (before.encap !== undefined && now.encap !== undefined && !hasPorts) now.encap.dport = ((now.encap.dport & 255) << 8) | (now.encap.dport >> 8);
  return now;
}

interface Reading {
  readonly now: TunnelParameters;
  readonly words: Words;
}

function takeCommon(state: KernelState, word: string, { now, words }: Reading): boolean {
  switch (word) {
    case 'local':
    case 'remote':
      now[word] = ipv4(words.next());
      return true;
    case 'dev':
      now.link = bound(state, words.next());
      return true;
    case 'ttl':
      now.ttl = ttl(words.next());
      return true;
    case 'tos':
      now.tos = hexadecimal(words.next());
      return true;
    case 'fwmark':
      now.fwmark = Number(words.next());
      return true;
    case 'pmtudisc':
    case 'nopmtudisc':
      now.pmtudisc = word === 'pmtudisc';
      return true;
    default:
      return false;
  }
}

function takeGre(word: string, { now, words }: Reading): boolean {
  const isOff = word.startsWith('no');
  const name = GRE_SWITCHES.find((one) => one === word.replace(/^no/, ''));
  if (name !== undefined) {
    now[name] = !isOff;
    return true;
  }
  switch (word) {
    case 'ikey':
    case 'okey':
      now[word] = key(words.next());
      return true;
    case 'noikey':
      delete now.ikey;
      return true;
    case 'nookey':
      delete now.okey;
      return true;
    case 'ignore-df':
    case 'noignore-df':
      now.ignoreDf = word === 'ignore-df';
      return true;
    default:
      return false;
  }
}

function takeIpip(word: string, { now, words }: Reading): boolean {
  if (word !== 'mode') return false;
  now.proto = words.next();
  if (!['ipip', 'mplsip', 'any'].includes(now.proto))
    throw new Refusal(`Error: argument "${now.proto}" is wrong: cannot guess tunnel mode`, 255, true);
  return true;
}

function takeEncap(word: string, { now, words }: Reading): boolean {
  if (word === 'encap') {
    now.encap = { type: words.next(), sport: 0, dport: 0, csum: false, csum6: false, remcsum: false };
    return true;
  }
  const match = /^(no)?encap-(sport|dport|csum|csum6|remcsum)$/.exec(word);
  if (match === null || now.encap === undefined) return false;
  const name = match[2] as 'sport' | 'dport' | 'csum' | 'csum6' | 'remcsum';
  if (name === 'sport' || name === 'dport') {
    const text = words.next();
    now.encap[name] = text === 'auto' ? 0 : Number(text);
  } else {
    now.encap[name] = match[1] === undefined;
  }
  return true;
}

function ipv4(word: string): string {
  const address = word === 'any' ? word : parseAddress(word);
  if (address === undefined || address.includes(':')) throw new Refusal(`Error: inet address is expected rather than "${word}".`, 1, true);
  return address;
}

function bound(state: KernelState, device: string): string {
  try {
    return linkNamed(state, device).device;
  } catch {
    throw new Refusal(`Cannot find device "${device}"`, 255, true);
  }
}

function ttl(word: string): number {
  if (word === 'inherit') return 0;
  if (!/^\d+$/.test(word) || Number(word) > 255) throw new Refusal(`Error: argument "${word}" is wrong: invalid TTL`, 255, true);
  return Number(word);
}

function hexadecimal(word: string): number {
  return word === 'inherit' ? 1 : Number.parseInt(word, 16);
}

/** A plain number; ip-link(8) also takes dotted quads and octal, which tunorch never writes. */
function key(word: string): number {
  if (!/^(0|[1-9]\d*)$/.test(word) || Number(word) > 0xffffffff)
    throw new Refusal(`invalid value for "ikey": "${word}"; it should be an unsigned integer`, 255, true);
  return Number(word);
}
