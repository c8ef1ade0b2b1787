import type { CapturedPacket } from '../../src/diagnose/capture.ts';
import type { EndEvidence, Meanwhile, TunnelEvidence, Way } from '../../src/diagnose/evidence.ts';
import { parseNft } from '../../src/diagnose/firewall/nft-rules.ts';
import type { DeviceCounters, Look } from '../../src/diagnose/look.ts';
import type { Survey } from '../../src/diagnose/survey.ts';
import { mirror } from '../../src/domain/endpoint.ts';
import type { ObservedLink } from '../../src/domain/observed.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { modeOf } from '../../src/modes/index.ts';
import type { Echo } from '../../src/verify/probe.ts';
import { anObservedHost, aTunnel } from './builders.ts';

/** What is to be other than on healthy hosts; A is router-a, B is router-b. */
export interface Trouble {
  readonly tunnel?: Tunnel;
  /** Whether probes are answered; by default they are, both ways. */
  readonly isSilent?: boolean;
  readonly a?: SideTrouble;
  readonly b?: SideTrouble;
}

export interface SideTrouble {
  /** `null`: it is not there. */
  readonly link?: Partial<ObservedLink> | null;
  readonly observed?: Partial<EndEvidence['observed']>;
  readonly survey?: Partial<Survey>;
  /** How far counters rise while the other end sends. */
  readonly counters?: Readonly<Record<string, number>>;
  readonly device?: Partial<DeviceCounters>;
  /** In the words of `nft -a list ruleset`, the same at every look. */
  readonly nft?: string;
  readonly packets?: readonly CapturedPacket[];
}

const STILL: DeviceCounters = {
  rxPackets: 0,
  rxErrors: 0,
  rxDropped: 0,
  rxFifo: 0,
  rxFrame: 0,
  txPackets: 0,
  txErrors: 0,
  txDropped: 0,
  txCollisions: 0,
  txCarrier: 0,
};

/** Evidence of two hosts between which everything is well, but for what is said. */
export function anEvidence({ tunnel = aTunnel(), isSilent = true, a = {}, b = {} }: Trouble = {}): TunnelEvidence {
  const [first, second] = tunnel.endpoints;
  const wanted = mirror(tunnel, { locals: [first.local ?? '30.1.1.1', second.local ?? '30.1.1.2'], mtuBytes: 1472 });
  const ends = [endOf(wanted[0], a), endOf(wanted[1], b)] as const;
  const way = (from: EndEvidence, to: EndEvidence, [sender, receiver]: readonly [SideTrouble, SideTrouble]): Way => ({
    from,
    to,
    echoes: echoesOf(tunnel, to, isSilent),
    atSender: meanwhile(from, sender),
    atReceiver: meanwhile(to, receiver),
  });
  return {
    tunnel,
    ends,
    ways: [way(ends[0], ends[1], [a, b]), way(ends[1], ends[0], [b, a])],
    refusals: [],
    repairs: new Map(),
    inventories: ['inventory.yaml'],
  };
}

function endOf(wanted: EndEvidence['wanted'], { link = {}, observed, survey, nft }: SideTrouble): EndEvidence {
  const { device, host, mode, local, remote, addresses } = wanted;
  const own: ObservedLink = {
    device,
    mode,
    kind: modeOf(mode).kind,
    isUp: true,
    mtuBytes: 1472,
    attributes: modeOf(mode).attributes(wanted),
    addresses: addresses.map((one) => ({ ...one, isKernelMade: false })),
    ...link,
  };
  const underlay: ObservedLink = {
    device: 'eth0',
    isUp: true,
    mtuBytes: 1500,
    attributes: {},
    addresses: [{ address: local, length: 24, isKernelMade: false }],
  };
  const peer = addresses[0]?.peer ?? '10.10.10.9';
  return {
    wanted,
    observed: anObservedHost({ host, links: [underlay, ...(link === null ? [] : [own])], ...observed }),
    ...(link === null ? {} : { link: own }),
    survey: {
      underlay: { sent: 3, received: 3, words: '3 packets transmitted, 3 received' },
      ways: [
        { to: remote, from: local, device: 'eth0', words: `${remote} from ${local} dev eth0` },
        { to: peer, device, words: `${peer} dev ${device}` },
      ],
      neighbours: [],
      settings: new Map([
        ['net/ipv4/ip_forward', '1'],
        [`net/ipv4/conf/${device}/forwarding`, '1'],
      ]),
      uptimeSeconds: 1_000_000,
      ...survey,
    },
    look: lookOf({}, STILL, { device, nft }),
  };
}

function meanwhile({ wanted }: EndEvidence, { counters = {}, device = {}, nft, packets }: SideTrouble): Meanwhile {
  const place = { device: wanted.device, nft };
  return {
    before: lookOf({}, STILL, place),
    after: lookOf(counters, { ...STILL, ...device }, place),
    ...(packets === undefined ? {} : { packets }),
  };
}

function lookOf(
  counters: Readonly<Record<string, number>>,
  device: DeviceCounters,
  place: { readonly device: string; readonly nft: string | undefined },
): Look {
  return {
    devices: new Map([[place.device, device]]),
    counters: new Map(Object.entries(counters)),
    firewall: parseNft(place.nft ?? ''),
    connections: [],
  };
}

function echoesOf({ name }: Tunnel, { wanted }: EndEvidence, isSilent: boolean): readonly Echo[] {
  const target = wanted.addresses[0]?.address ?? '10.10.10.9';
  const shared = { tunnel: name, target, mtuBytes: 1472, words: '' };
  return [
    { ...shared, sort: 'echo', sent: 4, received: isSilent ? 0 : 4 },
    { ...shared, sort: 'full-size', sent: 2, received: isSilent ? 0 : 2 },
  ];
}

/** A packet of the tunnel as tcpdump tells it. */
export function captured(
  from: string,
  to: string,
  words = 'GREv0, key=0x1, length 92: IP 10.10.10.1 > 10.10.10.2: ICMP echo request',
): CapturedPacket {
  return { device: 'eth0', from, to, words };
}
