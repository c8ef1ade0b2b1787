import { familyOf } from '../../src/domain/address.ts';
import { FakeKernel } from './fake-kernel.ts';
import { register } from './fake-kernel-links.ts';
import type { FakeModule, KernelState } from './fake-kernel-state.ts';
import { firstSysctls } from './fake-kernel-sysctls.ts';

export interface KernelFields {
  /** `eth0 30.1.1.1/24`: a plain link that is up, with its address; more words are more addresses. */
  readonly links?: readonly string[];
  /** `PREFIX …` in the words of ip-route(8), written by somebody before tunorch came. */
  readonly routes?: readonly string[];
  readonly modules?: Readonly<Record<string, FakeModule>>;
  /** `net/ipv4/ip_forward` to `1` and the like. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly mtuBytes?: number;
  /** Commands of `ip` that were typed before, `link add …`. */
  readonly typed?: readonly string[];
}

const TUNNEL_MODULES = ['ip_gre', 'ipip', 'sit', 'ip_vti', 'ip6_gre', 'ip6_tunnel', 'ip6_vti', 'vxlan', 'xfrm_user', 'esp4', 'esp6', 'fou', 'fou6'];

/** A host's kernel as it was before a run. @throws Error - one of the words is refused */
export function aKernel({
  links = ['eth0 30.1.1.1/24'],
  routes = [],
  modules = {},
  sysctls = {},
  mtuBytes = 1500,
  typed = [],
}: KernelFields = {}): FakeKernel {
  const state: KernelState = {
    links: [],
    routes: [],
    associations: [],
    policies: [],
    sysctls: firstSysctls(),
    modules: new Map<string, FakeModule>([...TUNNEL_MODULES.map((name) => [name, 'loadable'] as const), ...Object.entries(modules)]),
    tables: new Map(),
    fouPorts: [],
    nextIndex: 1,
    drawnMacs: new Map(),
  };
  const lo = register(state, { device: 'lo', linkType: 'loopback', mtuBytes: 65_536, isUp: true });
  lo.addresses.push(
    { address: '127.0.0.1', length: 8, scope: 'host', isSecondary: false },
    { address: '::1', length: 128, scope: 'host', isSecondary: false },
  );
  const kernel = new FakeKernel(state);
  for (const link of links) addPlainLink(kernel, link, mtuBytes);
  for (const [path, value] of Object.entries(sysctls)) kernel.writeSysctl(path, value);
  for (const words of typed) type(kernel, words);
  for (const route of routes) type(kernel, `route add ${route}`);
  return kernel;
}

function addPlainLink(kernel: FakeKernel, text: string, mtuBytes: number): void {
  const [device = '', ...addresses] = text.split(' ');
  const link = register(kernel.state, { device, linkType: 'ether', mtuBytes, isUp: true });
  for (const address of addresses) type(kernel, `address add ${address} dev ${device}`);
  const host = (link.index + 16).toString(16);
  if (addresses.some((one) => familyOf(one) === 4)) link.addresses.push({ address: `fe80::${host}`, length: 64, scope: 'link', isSecondary: false });
}

/** Somebody types `ip WORDS` on the host. @throws Error - it was refused */
export function type(kernel: FakeKernel, words: string): void {
  const answer = kernel.ip(words.split(' '));
  if (answer.status !== 0) throw new Error(`ip ${words}: ${answer.stderr.trim()}`);
}
