import type { FakeAssociation, FakePolicy } from './fake-kernel-xfrm.ts';

/** One device as the fake kernel keeps it. */
export interface FakeLink {
  index: number;
  device: string;
  /** `info_kind` of ip-link(8); absent on a plain device. */
  kind?: string;
  linkType: 'loopback' | 'ether' | 'gre' | 'ipip' | 'sit' | 'gre6' | 'tunnel6';
  /** Ethernet address of a tunnel that has one; the kernel draws it unless told. */
  mac?: string;
  /** Made by a module when it was loaded; cannot be deleted. */
  isFallback: boolean;
  isUp: boolean;
  mtuBytes: number;
  isIpv6: boolean;
  alias?: string;
  /** Device group (ip-link(8)); 0 is `default`. */
  group: number;
  /** What `ip link set` set beside, by its words. */
  settings: Map<string, string>;
  tunnel?: TunnelParameters;
  /** In the kernel's order: primary IPv4 addresses first. */
  addresses: FakeAddress[];
}

/** What net/ipv4/ip_tunnel.c keeps of a tunnel; addresses that are not set read `any`. */
export interface TunnelParameters {
  local: string;
  remote: string;
  /** The bound device. */
  link?: string;
  /** 0 is `inherit`. */
  ttl: number;
  /** As ip-link(8) prints it, in hexadecimal without `0x`; 1 is `inherit`. */
  tos: number;
  fwmark: number;
  pmtudisc: boolean;
  ignoreDf: boolean;
  ikey?: number;
  okey?: number;
  icsum: boolean;
  ocsum: boolean;
  iseq: boolean;
  oseq: boolean;
  /** What is carried, of those that have a choice. */
  proto?: string;
  /** sit only. */
  isIsatap: boolean;
  /** Over IPv6 only. */
  encaplimit: number | 'none';
  flowlabel: number | 'inherit';
  /** vxlan only. */
  id?: number;
  dstport?: number;
  encap?: { type: string; sport: number; dport: number; csum: boolean; csum6: boolean; remcsum: boolean };
}

export interface FakeAddress {
  address: string;
  length: number;
  peer?: string;
  /** An IPv6 address that was there before its link came up has no route to its peer (fixup_permanent_addr()). */
  hasPeerRoute?: boolean;
  scope: 'global' | 'link' | 'host';
  isSecondary: boolean;
}

/** A route somebody wrote; the kernel's own follow from links and addresses. */
export interface FakeRoute {
  to: string;
  type: string;
  device: string;
  gateway?: string;
  source?: string;
  table: number;
  metric: number;
  protocol: string;
  scope: string;
  /** Of a nexthop of several, or of one that was made to be: its share. */
  weight?: number;
  /** A nexthop whose device is down. */
  isDead?: true;
}

/** Whether a module can be had, as modprobe(8) would find it. */
export type FakeModule = 'loaded' | 'built-in' | 'loadable' | 'missing' | 'blacklisted' | 'install-false';

export interface KernelState {
  links: FakeLink[];
  routes: FakeRoute[];
  /** Newest first. */
  associations: FakeAssociation[];
  policies: FakePolicy[];
  /** By the path below /proc/sys. */
  sysctls: Map<string, string>;
  modules: Map<string, FakeModule>;
  /** Tables of nft's family inet, with the lines of their only chain. */
  tables: Map<string, readonly string[]>;
  /** As `ip fou show` lists them. */
  fouPorts: string[];
  nextIndex: number;
  /** How often a device of this name was given an Ethernet address by chance. */
  drawnMacs: Map<string, number>;
}

/** What the kernel or iproute2 says no with. */
export class Refusal extends Error {
  readonly status: number;
  /** iproute2 leaves the whole batch, because it could not parse the words. */
  readonly endsBatch: boolean;

  constructor(words: string, status = 2, endsBatch = false) {
    super(words);
    this.status = status;
    this.endsBatch = endsBatch;
  }
}

export function kernelRefuses(errno: string): Refusal {
  return new Refusal(`RTNETLINK answers: ${errno}`, 2);
}

export function garbage(word: string): Refusal {
  return new Refusal(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255, true);
}

export function linkNamed(state: KernelState, device: string): FakeLink {
  const link = state.links.find((one) => one.device === device);
  if (link === undefined) throw new Refusal(`Cannot find device "${device}"`, 1);
  return link;
}

/** IPv6 leaves a device whose MTU is set below its minimum (net/ipv6/addrconf.c). */
export function hasIpv6(link: FakeLink): boolean {
  return link.isIpv6;
}

/** The words of one command, eaten one after the other. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#words.length;
  }

  next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw new Refusal('Command line is not complete. Try option "help"', 255, true);
    this.#at += 1;
    return word;
  }

  nextNumber(name: string): number {
    const word = this.next();
    if (!/^\d+$/.test(word)) throw new Refusal(`Error: argument "${word}" is wrong: invalid "${name}" value`, 255, true);
    return Number(word);
  }
}
