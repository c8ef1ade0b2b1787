import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Family } from '../../src/domain/address.ts';
import type { ModeName } from '../../src/domain/tunnel.ts';
import { modeOf, modes } from '../../src/modes/index.ts';
import { lackingModes } from './modes-lacking.ts';
import { type Draft, type Scenario, stageExample } from './scenario-stage.ts';

export const HOSTS = ['host-a', 'host-b'] as const;
type Host = (typeof HOSTS)[number];

/** Examples whose tunnels are made, one of every mode. */
const EXAMPLES = ['routed-gre', 'ethernet', 'routed-ipip', 'sit', 'isatap', 'vti', 'over-ipv6'];

/** Outer addresses of each host: the first two are for tunnels that change theirs, the others for those that get on with none between the same. */
const OUTER = {
  4: { 'host-a': ['10.10.10.2', '10.10.10.3', '10.10.10.4', '10.10.10.5'], 'host-b': ['10.10.20.2', '10.10.20.3', '10.10.20.4', '10.10.20.5'] },
  6: { 'host-a': ['fd00:10::2', 'fd00:10::3', 'fd00:10::4'], 'host-b': ['fd00:20::2', 'fd00:20::3', 'fd00:20::4'] },
} as const;
const isatapOuter = (host: Host) => OUTER[4][host][2];
const vtiOuter = (family: Family, host: Host) => (family === 4 ? OUTER[4][host][3] : OUTER[6][host][2]);
/** Marks of the policies for vti and vti6, before and after the key changes. */
const MARKS = { vti: [42, 44], vti6: [43, 45] } as const;

/** How all tunnels are declared at one time. */
export interface Variant {
  /** Whether devices are bound to the link the outer packets leave by. */
  readonly isBound: boolean;
  /** Whether each has another key or other outer addresses, or where it may have neither, another ttl. */
  readonly isChanged: boolean;
  /** Of their outer addresses, where the others are left out: a guest under emulation has one slow processor. */
  readonly family?: Family;
}

export interface ModesStage {
  readonly scenario: Scenario;
  /** By mode, what the guests' kernel lacks for it. */
  readonly lacking: ReadonlyMap<ModeName, string>;
  /** Modes the kernel has. */
  readonly present: readonly ModeName[];
  inventory(variant: Variant): Promise<string>;
}

/** Two hosts with a router between them, with IPv4 and IPv6, and IPsec policies for the devices that want some. */
export async function stageModes(): Promise<ModesStage> {
  const scenario = await stageExample('routed-gre');
  await Promise.all([addIpv6(scenario), ...HOSTS.map((host) => addOuterAddresses(scenario, host))]);
  const lacking = await lackingModes(scenario, HOSTS);
  const present = [...modes.keys()].filter((mode) => !lacking.has(mode));
  await Promise.all(HOSTS.map((host) => protect(scenario, host, present)));
  const links = await Promise.all(HOSTS.map((host) => underlayLink(scenario, host)));
  const declared = await declaredTunnels();
  const inventory = (variant: Variant) =>
    scenario.write((draft) => {
      const chosen = present.filter((mode) => variant.family === undefined || familyOfMode(mode) === variant.family);
      draft.tunnels = Object.fromEntries(chosen.map((mode) => [`t-${mode}`, bent(declared.get(mode), { mode, variant, links })]));
    });
  return { scenario, lacking, present, inventory };
}

/** vxlan may have either; the example has IPv4. */
function familyOfMode(mode: ModeName): Family {
  return modeOf(mode).underlay.includes(4) ? 4 : 6;
}

async function addIpv6(scenario: Scenario): Promise<void> {
  const [one, other] = ['10.10.10.1', '10.10.20.1'].map((address) => `$(ip -o -4 address | awk '/ ${address}\\//{print $2}')`);
  await scenario.sh(
    'router',
    `sysctl -qw net.ipv6.conf.all.forwarding=1
ip -6 address add fd00:10::1/64 dev ${one} nodad && ip -6 address add fd00:20::1/64 dev ${other} nodad`,
  );
}

async function addOuterAddresses(scenario: Scenario, host: Host): Promise<void> {
  const [far, gateway] = host === 'host-a' ? ['fd00:20::/64', 'fd00:10::1'] : ['fd00:10::/64', 'fd00:20::1'];
  const lines = [
    ...OUTER[4][host].slice(1).map((address) => `address add ${address}/24 dev $dev`),
    ...OUTER[6][host].map((address) => `address add ${address}/64 dev $dev nodad`),
    `route add ${far} via ${gateway} dev $dev`,
  ];
  await scenario.sh(host, `dev=${await underlayLink(scenario, host)}\nip -batch - <<EOF\n${lines.join('\n')}\nEOF`);
}

async function underlayLink(scenario: Scenario, host: Host): Promise<string> {
  const peer = host === 'host-a' ? '10.10.20.2' : '10.10.10.2';
  return /dev (\S+)/.exec(await scenario.sh(host, `ip route get ${peer}`))?.[1] ?? '';
}

/** ESP in tunnel mode by hand, as an IKE daemon would have installed it: the same keys for both marks, AES-GCM (RFC 4106). */
async function protect(scenario: Scenario, host: Host, present: readonly ModeName[]): Promise<void> {
  const peer = host === 'host-a' ? 'host-b' : 'host-a';
  const lines = (['vti', 'vti6'] as const)
    .filter((mode) => present.includes(mode))
    .flatMap((mode) => {
      const family = mode === 'vti' ? 4 : 6;
      const [own, far] = [vtiOuter(family, host), vtiOuter(family, peer)];
      const reqid = MARKS[mode][0];
      const state = (src: string, dst: string, sender: Host) => {
        const spi = `0x${reqid}0${HOSTS.indexOf(sender) + 1}`;
        const key = `0x${spi.slice(2).padStart(8, '0').repeat(5)}`;
        return `xfrm state add src ${src} dst ${dst} proto esp spi ${spi} reqid ${reqid} mode tunnel replay-window 32 flag af-unspec aead rfc4106(gcm(aes)) ${key} 128`;
      };
      const inner = family === 4 ? ['0.0.0.0/0'] : ['0.0.0.0/0', '::/0'];
      const policy = (mark: number, direction: string, any: string) => {
        const [src, dst] = direction === 'out' ? [own, far] : [far, own];
        return `xfrm policy add src ${any} dst ${any} dir ${direction} tmpl src ${src} dst ${dst} proto esp reqid ${reqid} mode tunnel mark ${mark}`;
      };
      const policies = MARKS[mode].flatMap((mark) => ['out', 'in', 'fwd'].flatMap((direction) => inner.map((any) => policy(mark, direction, any))));
      return [state(own, far, host), state(far, own, peer), ...policies];
    });
  await scenario.sh(host, `ip -batch - <<'EOF'\n${lines.join('\n')}\nEOF`);
}

/** The first tunnel of each mode in the examples. */
async function declaredTunnels(): Promise<ReadonlyMap<string, Draft>> {
  const texts = await Promise.all(EXAMPLES.map((name) => readFile(fileURLToPath(new URL(`../../inventory/${name}.yaml`, import.meta.url)), 'utf8')));
  const tunnels = texts.flatMap((text) => Object.values<Draft>(parse(text).tunnels));
  return new Map(tunnels.toReversed().map((tunnel) => [tunnel.mode, tunnel]));
}

interface Bending {
  readonly mode: ModeName;
  readonly variant: Variant;
  readonly links: readonly string[];
}

function bent(declared: Draft, { mode, variant, links }: Bending): Draft {
  const tunnel = structuredClone(declared);
  tunnel.verify = { count: 12, interval: 1, max_loss: 92 };
  if (modeOf(mode).hasKey) tunnel.key = keyOf(mode, variant.isChanged);
  else if (mode === 'isatap') tunnel.ttl = variant.isChanged ? 9 : 64;
  for (const [number, host] of HOSTS.entries()) {
    const end = tunnel.endpoints[host];
    delete end.device;
    moveOuter(end, { mode, host, isChanged: variant.isChanged });
    // The examples of gre and ipip are made for each other's place.
    if (mode === 'ipip') end.address = `10.10.110.${number + 1}`;
    if (variant.isBound) end.dev = links[number];
  }
  return tunnel;
}

/** Modes without a key change their outer addresses instead. */
function moveOuter(end: Draft, { mode, host, isChanged }: { readonly mode: ModeName; readonly host: Host; readonly isChanged: boolean }): void {
  const family = familyOfMode(mode);
  if (mode === 'isatap') Object.assign(end, { local: isatapOuter(host), address: end.address.replace(end.local, isatapOuter(host)) });
  else if (mode === 'vti' || mode === 'vti6') end.local = vtiOuter(family, host);
  else if (isChanged && !modeOf(mode).hasKey) end.local = OUTER[family][host][1];
}

function keyOf(mode: ModeName, isChanged: boolean): number {
  if (mode === 'vti' || mode === 'vti6') return MARKS[mode][isChanged ? 1 : 0];
  return (isChanged ? 70 : 0) + (mode === 'ip6gretap' ? 8 : 7);
}
