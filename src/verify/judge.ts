import type { Problem } from '../domain/problem.ts';
import { modeOf } from '../modes/index.ts';
import type { Expectation } from './expectation.ts';
import type { Echo } from './probe.ts';
import type { ProbeResult } from './probe-result.ts';

/** Whether a packet of the full MTU crossed one way. */
export interface FullSizeResult {
  readonly from: string;
  readonly mtuBytes: number;
  readonly passed: boolean;
}

/** What the probes of one tunnel say, both directions together. */
export interface Judgement {
  readonly probes: readonly ProbeResult[];
  readonly fullSizes: readonly FullSizeResult[];
  /** Why it does not carry packets; empty where it does. */
  readonly problems: readonly Problem[];
  /** It carries packets, but loses more or takes longer than its rules allow. */
  readonly degradations: readonly Problem[];
}

/** Judges a tunnel by what both its ends heard; an end that could not be asked counts as silent. */
export function judge(expectations: readonly Expectation[], echoes: ReadonlyMap<string, readonly Echo[]>): Judgement {
  const sides = expectations.map((expectation) =>
    judgeSide(
      expectation,
      (echoes.get(expectation.host) ?? []).filter(({ tunnel }) => tunnel === expectation.tunnel),
    ),
  );
  return {
    probes: sides.flatMap(({ probes }) => probes),
    fullSizes: sides.flatMap(({ fullSizes }) => fullSizes),
    problems: sides.flatMap(({ problems }) => problems),
    degradations: sides.flatMap(({ degradations }) => degradations),
  };
}

function judgeSide(expectation: Expectation, echoes: readonly Echo[]): Judgement {
  if (expectation.targets.length === 0) return { probes: [], fullSizes: [], degradations: [], problems: [noTarget(expectation)] };
  const pings = expectation.targets.map((target) => ({
    echo: echoes.find((one) => one.sort === 'echo' && one.target === target),
    fullSize: echoes.find((one) => one.sort === 'full-size' && one.target === target),
    target,
  }));
  const beyond = expectation.beyond.map((target) => ({ target, echo: echoes.find((one) => one.sort === 'beyond' && one.target === target) }));
  return {
    probes: [...pings, ...beyond].map(({ echo, target }) => resultOf(expectation, target, echo)),
    fullSizes: pings.map(({ fullSize }) => ({ from: expectation.host, mtuBytes: fullSize?.mtuBytes ?? 0, passed: (fullSize?.received ?? 0) > 0 })),
    problems: pings.every(isAnswered)
      ? [...pings.flatMap((ping) => brokenBy(expectation, ping)), ...silentBeyond(expectation, beyond)]
      : pings.flatMap((ping) => brokenBy(expectation, ping)),
    degradations: pings.flatMap(({ echo }) => (echo === undefined ? [] : degradedBy(expectation, echo))),
  };
}

function resultOf({ host, peerHost }: Expectation, target: string, echo: Echo | undefined): ProbeResult {
  const { sent = 0, received = 0, rttMs, jitterMs } = echo ?? {};
  return {
    from: host,
    to: peerHost,
    target,
    sent,
    received,
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(jitterMs === undefined ? {} : { jitterMs }),
  };
}

/** Where NAT lies between the ends, packets arrive from an address the far end does not expect, and are dropped without a word. */
const NAT_HINTS: Readonly<Record<Expectation['nat'], string>> = {
  none: 'Where NAT lies between them, declare it: `public` at the end behind it, and `encap` on the tunnel if it translates ports.',
  declared: 'NAT that translates ports, as a masquerading router does, may let only UDP through: add `encap` to the tunnel.',
  'in-udp':
    'NAT lets packets in only where the end behind it has sent some lately, and to the port it shows: if that is not the port of `encap`, write `public_port`.',
};

interface Ping {
  readonly target: string;
  readonly echo: Echo | undefined;
  readonly fullSize: Echo | undefined;
}

function brokenBy(expectation: Expectation, { target, echo, fullSize }: Ping): readonly Problem[] {
  const { host, peerHost, device } = expectation;
  if (echo === undefined || echo.received === 0) {
    return [
      {
        code: 'verify.no-reply',
        host,
        message: `${peerHost} does not answer through ${device}: ${echo?.sent ?? 0} packets sent to ${target}, none came back`,
        hint: silenceHintOf(expectation),
        ...(echo === undefined ? {} : { words: echo.words }),
      },
    ];
  }
  if (fullSize !== undefined && fullSize.received > 0) return [];
  return [
    {
      code: 'verify.full-size-lost',
      host,
      message: `small packets reach ${peerHost}, but none of ${fullSize?.mtuBytes ?? 0} bytes, the MTU of ${device}`,
      hint: 'The path between the hosts carries less than the MTU needs: set a smaller `mtu` on the tunnel.',
      ...(fullSize === undefined ? {} : { words: fullSize.words }),
    },
  ];
}

/** What is encrypted is dropped in silence where the keys differ, which `tunorch rekey` mends. */
function silenceHintOf({ mode, isEncrypted, nat }: Expectation): string {
  const { outer, silenceHint } = modeOf(mode);
  const dropped = (packets: string) =>
    `Look whether a firewall or the network between the hosts drops the tunnel’s packets (${packets}), in either direction.`;
  return isEncrypted
    ? `${dropped('IP protocol 50, ESP')} New keys for both ends: \`tunorch rekey\`.`
    : (silenceHint ?? `${dropped(outer)} ${NAT_HINTS[nat]}`);
}

function isAnswered({ echo }: Ping): boolean {
  return echo !== undefined && echo.received > 0;
}

/** Addresses behind the peer that do not answer although the peer does. */
function silentBeyond({ host, peerHost, device }: Expectation, pings: readonly Pick<Ping, 'target' | 'echo'>[]): readonly Problem[] {
  return pings
    .filter(({ echo }) => echo === undefined || echo.received === 0)
    .map(({ target, echo }) => ({
      code: 'verify.target-silent',
      host,
      message: `${target}, behind ${peerHost}, does not answer through ${device}: ${echo?.sent ?? 0} packets sent, none came back`,
      hint: `Look whether it is up and answers pings, whether ${peerHost} forwards to it, and whether its way back leads through ${peerHost}.`,
      ...(echo === undefined ? {} : { words: echo.words }),
    }));
}

function degradedBy({ host, peerHost, rules }: Expectation, { sent, received, rttMs, target }: Echo): readonly Problem[] {
  if (received === 0) return [];
  const lossPercent = Math.round((100 * (sent - received)) / Math.max(sent, 1));
  const loss = {
    code: 'verify.loss',
    host,
    message: `${lossPercent} % of the packets to ${peerHost} (${target}) were lost, ${rules.maxLossPercent} % are allowed`,
    hint: 'Look for loss on the underlay first, or allow more with `verify: {max_loss: …}`.',
  };
  const slow = {
    code: 'verify.rtt',
    host,
    message: `packets to ${peerHost} (${target}) take ${rttMs?.avg ?? 0} ms on average, ${rules.maxRttMs ?? 0} ms are allowed`,
    hint: 'Look at the underlay’s round-trip time first, or allow more with `verify: {max_rtt: …}`.',
  };
  return [
    ...(lossPercent > rules.maxLossPercent ? [loss] : []),
    ...(rules.maxRttMs !== undefined && (rttMs?.avg ?? 0) > rules.maxRttMs ? [slow] : []),
  ];
}

function noTarget({ host, peerHost, tunnel }: Expectation): Problem {
  return {
    code: 'verify.no-target',
    host,
    message: `${tunnel} has no inner addresses of one family on both ${host} and ${peerHost}, so nothing can be sent through it`,
    hint: 'Give both endpoints an `address` of the same family.',
  };
}
