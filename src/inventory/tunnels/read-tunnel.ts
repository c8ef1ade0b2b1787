import type { IpAddress } from '../../domain/address.ts';
import { BACK_END_NAMES } from '../../domain/persistence.ts';
import type { Ttl, Tunnel, VerifyRules } from '../../domain/tunnel.ts';
import { modes } from '../../modes/index.ts';
import type { Mode } from '../../modes/mode.ts';
import type { Report } from '../problem.ts';
import { childOf, type Entry, entriesOf, type Tree } from '../tree.ts';
import type { EndDraft, TunnelDraft, Written } from './draft.ts';
import { readEnd } from './read-end.ts';
import { fieldsIn, hostAddressOf, numberIn, textIn, textsIn } from './read-fields.ts';
import { optionsIn } from './read-options.ts';

/**
 * 64, not the kernel's `inherit`: with it, packets sent with TTL 1 (OSPF, BGP to a neighbour) get an outer TTL
 * of 1 and die at the first router of the underlay (ip-link(8); RFC 2784 leaves it open).
 */
const DEFAULT_TTL = 64;

/** Three packets, quickly, none lost: a tunnel that was just made on a healthy path loses nothing. */
const DEFAULT_VERIFY: VerifyRules = { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 };

/** Undefined where the mode or the two endpoints are missing, which the schema reports. */
export function readTunnel({ key, value: tree }: Entry, report: Report): TunnelDraft | undefined {
  const mode = modeIn(tree);
  const [first, second, ...more] = entriesOf(childOf(tree, 'endpoints'));
  if (mode === undefined || first === undefined || second === undefined || more.length > 0) return undefined;
  const mtuBytes = numberIn(tree, 'mtu');
  const description = textIn(tree, 'description')?.value;
  return {
    name: key.text,
    at: key,
    mode,
    ttl: ttlIn(tree),
    ...optionsIn(tree),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...encapIn(childOf(tree, 'encap')),
    ...mssClampIn(tree),
    state: textIn(tree, 'state')?.value === 'absent' ? 'absent' : 'present',
    tags: textsIn(tree, 'tags').map(({ value }) => value),
    ...(description === undefined ? {} : { description }),
    verify: verifyIn(childOf(tree, 'verify')),
    targets: targetsIn(childOf(tree, 'verify'), report),
    ...persistIn(tree),
    fields: fieldsIn(tree),
    ends: readEnds({ tunnel: { key, value: tree }, mode, report }, [first, second]),
  };
}

interface Reading {
  readonly tunnel: Entry;
  readonly mode: Mode;
  readonly report: Report;
}

function readEnds({ tunnel, mode, report }: Reading, [first, second]: readonly [Entry, Entry]): readonly [EndDraft, EndDraft] {
  const key = mode.hasKey ? numberIn(tunnel.value, 'key')?.value : undefined;
  const inner = mode.inner(optionsIn(tunnel.value));
  const shared = { name: tunnel.key, ...(key === undefined ? {} : { key }), mode, inner, report };
  return [readEnd(first, second, shared), readEnd(second, first, shared)];
}

function modeIn(tree: Tree): Mode | undefined {
  const word = textIn(tree, 'mode')?.value;
  return [...modes.values()].find(({ name }) => name === word);
}

function ttlIn(tree: Tree): Ttl {
  return textIn(tree, 'ttl')?.value === 'inherit' ? 'inherit' : (numberIn(tree, 'ttl')?.value ?? DEFAULT_TTL);
}

function targetsIn(field: Tree | undefined, report: Report): readonly Written<IpAddress>[] {
  return field === undefined ? [] : textsIn(field, 'targets').flatMap((text) => hostAddressOf(text, report) ?? []);
}

function persistIn(tree: Tree): Pick<Tunnel, 'persist'> {
  const word = textIn(tree, 'persist')?.value;
  const persist = (['auto', ...BACK_END_NAMES] as const).find((name) => name === word);
  return persist === undefined ? {} : { persist };
}

function encapIn(field: Tree | undefined): Pick<TunnelDraft, 'encap'> {
  const type = field === undefined ? undefined : textIn(field, 'type')?.value;
  const port = field === undefined ? undefined : numberIn(field, 'port')?.value;
  return (type === 'fou' || type === 'gue') && port !== undefined ? { encap: { type, port } } : {};
}

function mssClampIn(tree: Tree): Pick<TunnelDraft, 'mssClamp'> {
  const size = numberIn(tree, 'mss_clamp')?.value ?? textIn(tree, 'mss_clamp')?.value;
  return size === 'auto' || typeof size === 'number' ? { mssClamp: size } : {};
}

function verifyIn(field: Tree | undefined): VerifyRules {
  if (field === undefined) return DEFAULT_VERIFY;
  const number = (name: string) => numberIn(field, name)?.value;
  const maxRttMs = number('max_rtt');
  return {
    count: number('count') ?? DEFAULT_VERIFY.count,
    intervalSeconds: number('interval') ?? DEFAULT_VERIFY.intervalSeconds,
    maxLossPercent: number('max_loss') ?? DEFAULT_VERIFY.maxLossPercent,
    ...(maxRttMs === undefined ? {} : { maxRttMs }),
  };
}
