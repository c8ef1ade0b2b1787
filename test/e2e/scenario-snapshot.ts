import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Lab } from '../../src/lab/lab.ts';
import { labScript } from '../../src/lab/ssh.ts';
import { fallbackDevices } from '../../src/modes/index.ts';

/** What of a host must be after a rollback or `down` what it was before: lines of text, sorted, so that a difference reads well. */
export interface Snapshot {
  /** Links, addresses, routes and rules as `ip -d -j` has them, each object a line. */
  readonly network: readonly string[];
  readonly sysctls: readonly string[];
  /** Associations and policies of IPsec, without what they count. */
  readonly ipsec: readonly string[];
  /** Command lines of everything that runs, but for kernel threads and SSH sessions. */
  readonly processes: readonly string[];
  /** Whatever is under /run/tunorch. */
  readonly files: readonly string[];
}

/** What the kernel counts or numbers by itself. */
const NOT_COMPARED = new Set(['ifindex', 'link_index', 'stats', 'stats64', 'valid_life_time', 'preferred_life_time', 'tentative', 'permaddr']);

/** Kernel threads, SSH sessions, what logind keeps of a login for some seconds, and this script itself. */
const OTHERS = /^(\[|sshd: |(ba)?sh -c PATH=|ps -eo |\(sd-pam\)$|\/lib\/systemd\/systemd --user$)/;

const SCRIPT = `
part() { printf '\\n@@%s\\n' "$1"; }
part network; ip -d -j -batch - <<'EOF'
address show
route show table all
rule show
EOF
ip -6 -j rule show
part sysctls; cd /proc/sys/net; grep -s . ipv4/ip_forward ipv4/conf/*/forwarding ipv4/conf/*/rp_filter ipv6/conf/*/forwarding
part ipsec; grep -q '^xfrm_user ' /proc/modules && { ip xfrm state list nokeys | grep -E '^src|proto esp'; ip xfrm policy list; }
part processes; ps -eo args=
part files; find /run/tunorch* 2>/dev/null
`;

/** Looks at a guest with its own \`ip\`, not with the program under test. */
async function snapshot(lab: Lab, guest: string): Promise<Snapshot> {
  const { status, stdout, stderr } = await labScript(lab, guest, SCRIPT);
  expect(stdout, `${guest}: ${status} ${stderr}`).toContain('@@files');
  const parts = new Map(
    stdout
      .split('\n@@')
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)] as const),
  );
  const part = (name: string) => (parts.get(name) ?? '').split('\n').filter((line) => line !== '');
  return {
    network: withoutDrawn(part('network').flatMap(readObjects)).map(canonical).sort(),
    sysctls: part('sysctls')
      .filter((line) => !isFallback(line.split('/')[2]))
      .sort(),
    ipsec: part('ipsec'),
    processes: part('processes')
      .filter((line) => !OTHERS.test(line))
      .sort(),
    files: part('files').sort(),
  };
}

function readObjects(line: string): readonly Readonly<Record<string, unknown>>[] {
  const entries = JSON.parse(line) as Readonly<Record<string, unknown>>[];
  return entries.filter((entry) => Object.keys(entry).length > 0 && !isFallback(entry.ifname) && !isFallback(entry.dev));
}

/** A loaded module stays, and with it the devices it makes by itself. */
function isFallback(device: unknown): boolean {
  return typeof device === 'string' && fallbackDevices.has(device);
}

type Entry = Readonly<Record<string, unknown>>;

/** Without the link-local addresses, and routes to them, of devices that draw a new one each time they are made (net/ipv6/ip6_tunnel.c). */
function withoutDrawn(entries: readonly Entry[]): readonly Entry[] {
  const drawing = new Set(entries.filter(({ permaddr }) => permaddr !== undefined).map(({ ifname }) => ifname));
  const isLinkLocal = (address: unknown) => typeof address === 'string' && address.startsWith('fe80::') && !address.includes('/');
  return entries
    .filter(({ dev, dst }) => !(drawing.has(dev) && isLinkLocal(dst)))
    .map((entry) =>
      drawing.has(entry.ifname) ? { ...entry, addr_info: (entry.addr_info as Entry[]).filter(({ local }) => !isLinkLocal(local)) } : entry,
    );
}

function canonical(entry: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(entry, (key, value: unknown) => (NOT_COMPARED.has(key) ? undefined : value));
}

/** Several guests at once, by name. */
export async function snapshots(lab: Lab, guests: readonly string[]): Promise<ReadonlyMap<string, Snapshot>> {
  return new Map(await Promise.all(guests.map(async (guest) => [guest, await snapshot(lab, guest)] as const)));
}

/**
 * Both hosts are what they were: their network at once, and of the run's own files and processes nothing is left as soon
 * as their session has ended.
 */
export async function expectUnchanged(lab: Lab, before: ReadonlyMap<string, Snapshot>): Promise<void> {
  const now = await snapshots(lab, [...before.keys()]);
  expect(withoutRun(now)).toEqual(withoutRun(before));
  if (!isDeepStrictEqual(now, before)) await expectUnchangedWithin(lab, before, 10_000);
}

/** As {@link expectUnchanged}, where the hosts bring themselves back and nobody is left to wait for them. */
export async function expectUnchangedWithin(lab: Lab, before: ReadonlyMap<string, Snapshot>, timeoutMs: number): Promise<void> {
  const look = async () => Object.fromEntries(await snapshots(lab, [...before.keys()]));
  await expect.poll(look, { timeout: timeoutMs, interval: 200 }).toEqual(Object.fromEntries(before));
}

function withoutRun(all: ReadonlyMap<string, Snapshot>) {
  return Object.fromEntries([...all].map(([guest, { network, sysctls, ipsec }]) => [guest, { network, sysctls, ipsec }]));
}
