import { contains, familyOf } from '../../src/domain/address.ts';
import type { Answer, FakeKernel } from './fake-kernel.ts';
import { overhead } from './fake-kernel-kinds.ts';
import { isOwn, lookup } from './fake-kernel-routes.ts';
import type { FakeLink, TunnelParameters } from './fake-kernel-state.ts';
import { isTaken, outboundOf } from './fake-kernel-xfrm.ts';

/** An echo request on its way. */
interface Packet {
  readonly source: string;
  readonly target: string;
  readonly bytes: number;
}

/** What lies between the hosts: every outer address reaches every other, unless told otherwise. */
export class FakeNetwork {
  readonly kernels: FakeKernel[] = [];
  /** Kinds whose packets a firewall in between drops: `gre` is IP protocol 47, `ipip` 4. */
  readonly dropped = new Set<string>();
  /** Bytes of the largest outer packet that comes through. */
  mtuBytes = 1500;
  /** Of ten packets, how many are lost; spread, as a bad line would. */
  lostOfTen = 0;
  /** What answers echo requests that go beside the tunnels; with `black-hole`, nobody tells that a packet was too large. */
  underlay: 'answers' | 'silent' | 'black-hole' = 'answers';
  /** Whether `ping` knows -M, as that of iputils does and that of BusyBox does not. */
  hasPingDf = true;
  #sent = 0;

  /** The `ping` program of iputils, with the options tunorch uses: `-c N -I DEV [-s BYTES] TARGET`. */
  ping(from: FakeKernel, argv: readonly string[]): Answer {
    const option = (name: string) => argv[argv.indexOf(name) + 1] ?? '';
    if (argv.includes('-M') && !this.hasPingDf) return { status: 1, stdout: '', stderr: "ping: invalid option -- 'M'\n" };
    if (argv.includes('-V')) return { status: option('-M') === 'do' ? 0 : 2, stdout: 'ping from iputils 20221126\n', stderr: '' };
    const device = option('-I');
    const target = argv.at(-1) ?? '';
    const sent = Number(option('-c'));
    const bytes = (argv.includes('-s') ? Number(option('-s')) : 56) + (familyOf(target) === 4 ? 28 : 48);
    const link = from.state.links.find((one) => one.device === device);
    if (isOwn(from.state, device) || (link !== undefined && link.tunnel === undefined)) return this.#beside({ target, sent, bytes });
    if (link === undefined) return { status: 2, stdout: '', stderr: `ping: SO_BINDTODEVICE ${device}: No such device\n` };
    const received = Array.from({ length: sent }).filter(() => this.#echo(from, link, { target, bytes })).length;
    return summary({ target, sent, received });
  }

  /** An echo between outer addresses; every link has the MTU of an ordinary Ethernet. */
  #beside({ target, sent, bytes }: { readonly target: string; readonly sent: number; readonly bytes: number }): Answer {
    const isAnswered = this.underlay !== 'silent' && this.kernels.some(({ state }) => isOwn(state, target));
    const answer = summary({ target, sent, received: isAnswered && bytes <= this.mtuBytes ? sent : 0 });
    if (this.underlay !== 'answers' || bytes <= this.mtuBytes) return answer;
    return { ...answer, stdout: `From 30.1.1.254 icmp_seq=1 Frag needed and DF set (mtu = ${this.mtuBytes})\n${answer.stdout}` };
  }

  #echo(from: FakeKernel, link: FakeLink, { target, bytes }: { readonly target: string; readonly bytes: number }): boolean {
    this.#sent += 1;
    if ((this.#sent * 7) % 10 < this.lostOfTen) return false;
    const source = sourceOn(link, target);
    if (source === undefined || bytes > link.mtuBytes) return false;
    const there = this.#through(from, link, { source, target, bytes });
    if (there === undefined || !isOwn(there.state, target)) return false;
    const back = lookup(there.state, { to: source });
    const linkBack = there.state.links.find(({ device }) => device === back?.device);
    return linkBack !== undefined && this.#through(there, linkBack, { source: target, target: source, bytes }) === from;
  }

  /** The host that takes the packet out of its outer one: the one with the mirror image of the tunnel. */
  #through(from: FakeKernel, { kind = '', tunnel, isUp }: FakeLink, { bytes }: Packet): FakeKernel | undefined {
    if (!isUp || tunnel === undefined || this.dropped.has(kind) || bytes + overhead(kind, tunnel) > this.mtuBytes) return undefined;
    if (!isOwn(from.state, tunnel.local) || lookup(from.state, { to: tunnel.remote }) === undefined) return undefined;
    const far = this.kernels.find(({ state }) => isOwn(state, tunnel.remote));
    const by = outboundOf(from.state, tunnel.local, tunnel.remote);
    if (by === 'none' || far === undefined || !isTaken(far.state, tunnel.local, tunnel.remote, by)) return undefined;
    return far.state.links.some((link) => link.kind === kind && link.isUp && link.tunnel !== undefined && isMirror(tunnel, link.tunnel))
      ? far
      : undefined;
  }
}

function isMirror(one: TunnelParameters, other: TunnelParameters): boolean {
  return one.local === other.remote && one.remote === other.local && one.okey === other.ikey;
}

function sourceOn({ addresses }: FakeLink, target: string): string | undefined {
  const own = addresses.filter(({ address, scope }) => familyOf(address) === familyOf(target) && scope === 'global');
  const near = own.find(({ address, peer, length }) => peer === target || contains(networkText(peer ?? address, length), target));
  return (near ?? own[0])?.address;
}

function networkText(address: string, length: number): string {
  return `${address}/${length}`;
}

function summary({ target, sent, received }: { readonly target: string; readonly sent: number; readonly received: number }): Answer {
  const loss = Math.round((100 * (sent - received)) / sent);
  const counts = `${sent} packets transmitted, ${received} received, ${loss}% packet loss, time ${(sent - 1) * 200}ms`;
  const times = received === 0 ? '' : 'rtt min/avg/max/mdev = 0.412/0.520/0.711/0.100 ms';
  return {
    status: received === 0 ? 1 : 0,
    stdout: `PING ${target} (${target}) 56(84) bytes of data.\n\n--- ${target} ping statistics ---\n${counts}\n${times}\n`,
    stderr: '',
  };
}
