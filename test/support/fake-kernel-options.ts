import { familyOf, parseAddress } from '../../src/domain/address.ts';
import { KINDS } from './fake-kernel-kinds.ts';
import { type KernelState, linkNamed, Refusal, type TunnelParameters, type Words } from './fake-kernel-state.ts';

export function defaultParameters(kind: string): TunnelParameters {
  const off = { icsum: false, ocsum: false, iseq: false, oseq: false, ignoreDf: false };
  const isIpv6 = KINDS[kind]?.family === 6;
  const [proto] = KINDS[kind]?.protos ?? [];
  return {
    local: 'any',
    remote: 'any',
    ttl: isIpv6 ? 64 : 0,
    tos: 0,
    fwmark: 0,
    pmtudisc: true,
    isIsatap: false,
    encaplimit: isIpv6 ? 4 : 'none',
    flowlabel: 0,
    ...off,
    ...(proto === undefined ? {} : { proto }),
  };
}

/** What comes after `type KIND`, merged into what the tunnel has (iproute2 reads it first, ip/link_gre.c). */
export function parseTunnelOptions(state: KernelState, kind: string, words: Words, before: TunnelParameters): TunnelParameters {
  const now: TunnelParameters = structuredClone(before);
  const reading = { state, kind, now, words };
  let hasPorts = false;
  while (!words.isEmpty) {
    const word = words.next();
    hasPorts ||= word === 'encap-dport';
    const takers = [takeOuter, takeKeys, ...(KINDS[kind]?.family === 4 ? [takeIpv4] : [takeIpv6]), takeVxlan, takeEncap];
    if (!takers.some((take) => take(word, reading))) throw new Refusal(`Usage: ... ${kind}`, 255);
  }
  const isPlain = kind === 'ipip' || kind === 'sit';
  if (isPlain && now.ttl !== 0 && !now.pmtudisc) throw new Refusal('ttl != 0 and nopmtudisc are incompatible', 255, true);
  if (now.ignoreDf && now.pmtudisc) throw new Refusal('RTNETLINK answers: Invalid argument');
  if (before.encap !== undefined && now.encap !== undefined && !hasPorts) now.encap.dport = ((now.encap.dport & 255) << 8) | (now.encap.dport >> 8);
  return now;
}

interface Reading {
  readonly state: KernelState;
  readonly kind: string;
  readonly now: TunnelParameters;
  readonly words: Words;
}

function takeOuter(word: string, { state, kind, now, words }: Reading): boolean {
  const isVti = kind === 'vti' || kind === 'vti6';
  switch (word) {
    case 'local':
    case 'remote':
      now[word] = outer(words.next(), KINDS[kind]?.family ?? 4);
      return true;
    case 'dev':
      now.link = bound(state, words.next());
      return true;
    case 'ttl':
      if (!isVti) now.ttl = ttl(words.next());
      return !isVti;
    case 'tos':
      if (!isVti) now.tos = hexadecimal(words.next());
      return !isVti;
    case 'fwmark':
      if (kind !== 'vxlan') now.fwmark = Number(words.next());
      return kind !== 'vxlan';
    case 'mode':
      return takeMode({ state, kind, now, words });
    default:
      return false;
  }
}

/** The mode of a live ipip or sit device stays, and nothing is said; see `changeLink`. */
function takeMode({ kind, now, words }: Reading): boolean {
  const protos = KINDS[kind]?.protos ?? [];
  if (protos.length === 0) return false;
  now.proto = words.next();
  if (!protos.includes(now.proto)) throw new Refusal(`Error: argument "${now.proto}" is wrong: cannot guess tunnel mode`, 255, true);
  return true;
}

/** GRE keys and switches; of vti a key of 0 is none, and there is no word that takes one away. */
function takeKeys(word: string, { kind, now, words }: Reading): boolean {
  const isVti = kind === 'vti' || kind === 'vti6';
  if (!isVti && KINDS[kind]?.hasGre !== true) return false;
  const name = KINDS[kind]?.switches.find((one) => one === word.replace(/^no/, '')) as 'icsum' | 'ocsum' | 'iseq' | 'oseq' | undefined;
  if (name !== undefined) {
    now[name] = !word.startsWith('no');
    return true;
  }
  if (word === 'ikey' || word === 'okey') {
    now[word] = key(words.next());
    if (isVti && now[word] === 0) delete now[word];
    return true;
  }
  if (isVti || (word !== 'noikey' && word !== 'nookey')) return false;
  delete now[word === 'noikey' ? 'ikey' : 'okey'];
  return true;
}

function takeIpv4(word: string, { kind, now }: Reading): boolean {
  if (kind === 'vti') return false;
  if (word === 'pmtudisc' || word === 'nopmtudisc') {
    now.pmtudisc = word === 'pmtudisc';
    return true;
  }
  if (word === 'isatap' && kind === 'sit') {
    now.isIsatap = true;
    return true;
  }
  const isIgnoring = (word === 'ignore-df' || word === 'noignore-df') && KINDS[kind]?.hasGre === true;
  if (isIgnoring) now.ignoreDf = word === 'ignore-df';
  return isIgnoring;
}

function takeIpv6(word: string, { kind, now, words }: Reading): boolean {
  if (kind === 'vti6' || kind === 'vxlan') return false;
  if (word === 'encaplimit') {
    const value = words.next();
    now.encaplimit = value === 'none' ? 'none' : Number(value);
    return true;
  }
  if (word !== 'flowlabel') return false;
  const value = words.next();
  now.flowlabel = value === 'inherit' ? 'inherit' : Number.parseInt(value, 16);
  return true;
}

function takeVxlan(word: string, { kind, now, words }: Reading): boolean {
  if (kind !== 'vxlan') return false;
  if (word === 'dstport' && now.dstport !== undefined) throw new Refusal('Error: Cannot change port.');
  if (word === 'id' || word === 'dstport') {
    now[word] = words.nextNumber(word);
    return true;
  }
  return word === 'learning';
}

function takeEncap(word: string, { now, words }: Reading): boolean {
  if (word === 'encap') {
    now.encap = { type: words.next(), sport: 0, dport: 0, csum: false, csum6: false, remcsum: false };
    return true;
  }
  const match = /^(no)?encap-(sport|dport|csum|udp6-csum|remcsum)$/.exec(word);
  if (match === null || now.encap === undefined) return false;
  const name = (match[2] === 'udp6-csum' ? 'csum6' : match[2]) as 'sport' | 'dport' | 'csum' | 'csum6' | 'remcsum';
  if (name === 'sport' || name === 'dport') {
    const text = words.next();
    now.encap[name] = text === 'auto' ? 0 : Number(text);
  } else {
    now.encap[name] = match[1] === undefined;
  }
  return true;
}

function outer(word: string, family: 4 | 6 | 'any'): string {
  const address = word === 'any' ? word : parseAddress(word);
  if (address === undefined || (address !== 'any' && family !== 'any' && familyOf(address) !== family))
    throw new Refusal(`Error: inet${family === 6 ? '6' : ''} address is expected rather than "${word}".`, 1, true);
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
