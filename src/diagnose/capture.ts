import { protocolTerm } from '../capture/filter.ts';
import { awaitListening, openNameless } from '../capture/nameless.ts';
import type { Outer } from '../capture/outer.ts';
import type { IpAddress } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import { quote } from '../shell/quote.ts';

/** One line of tcpdump. */
export interface CapturedPacket {
  /** Absent where tcpdump is older than 4.99 and does not say it of `any`. */
  readonly device?: string;
  readonly direction?: 'in' | 'out';
  readonly from: IpAddress;
  readonly to: IpAddress;
  /** What follows the addresses: `GREv0, key=0x1, length 92: IP 10.10.10.2 > …`. */
  readonly words: string;
}

/** Longest a capture may run where nobody ends it, seconds. */
const CAPTURE_SECONDS = 90;
const MOST_PACKETS = 200;

/**
 * Starts tcpdump in the background, where there is one, and waits until it listens.
 *
 * It writes into a file without a name, open as descriptors 6 and 7. It ends by itself. In the middle of a transaction 8 and 9 are its mutex and its lock (script/journal.ts), which are
 * nothing for a program in the background to hold.
 */
export function startCapture(outer: Outer, remote: IpAddress): string {
  return `tunorch_capture=
if command -v tcpdump >/dev/null && command -v timeout >/dev/null && ${openNameless(6, 7)}; then
  timeout ${CAPTURE_SECONDS} tcpdump -l -n -t -p -i any -s 192 -c ${MOST_PACKETS} ${quote(filterOf(outer, remote))} >&6 2>&1 </dev/null 9>&- &
  tunorch_capture=$!; ${awaitListening(7)}
fi`;
}

/** What was captured since the last time; says so where nothing can be. */
export const drainCapture = `[ -z "$tunorch_capture" ] || { sleep 0.3 2>/dev/null || sleep 1; echo '@captured'; cat <&7; }`;

export const endCapture = `[ -z "$tunorch_capture" ] || { kill "$tunorch_capture"; wait "$tunorch_capture"; exec 6>&- 7<&-; } 2>/dev/null; tunorch_capture=`;

/** The tunnel's packets from and to anybody, since NAT may have changed an address, and what hosts and routers say of them. */
function filterOf({ protocols, port }: Outer, remote: IpAddress): string {
  const ip = familyOf(remote) === 4 ? 'ip' : 'ip6';
  const errors = ip === 'ip' ? '(icmp and (icmp[0] = 3 or icmp[0] = 11))' : '(icmp6 and ip6[40] < 5)';
  const outer = port === undefined ? protocols.map((protocol) => protocolTerm(protocol, familyOf(remote))) : [`(udp port ${port})`];
  return [...outer, errors].join(' or ');
}

const LINE = /^(?:(\S+)\s+(In|Out|B|M|P)\s+)?IP6? (\S+) > (\S+): (.*)$/;

/** Undefined where nothing was captured because nothing could be. */
export function readCapture(section: string): readonly CapturedPacket[] | undefined {
  if (!/^@captured$/m.test(section)) return undefined;
  return section.split('\n').flatMap((line) => {
    const [, device, direction, from = '', to = '', words = ''] = LINE.exec(line) ?? [];
    if (from === '') return [];
    return [
      {
        ...(device === undefined ? {} : { device }),
        ...(direction === undefined ? {} : { direction: direction === 'Out' ? ('out' as const) : ('in' as const) }),
        from: withoutPort(from),
        to: withoutPort(to),
        words,
      },
    ];
  });
}

/** tcpdump writes a port behind the address, with a dot before it: `30.1.1.1.4789`, `fd00::1.4789`. */
function withoutPort(text: string): IpAddress {
  return text.includes(':') ? text.replace(/\.\d+$/, '') : text.split('.').slice(0, 4).join('.');
}

/** What a host or router says of packets it would not take: `ICMP 30.1.1.2 protocol 47 port 2048 unreachable`. */
export function isIcmpError({ words }: CapturedPacket): boolean {
  return /^ICMP6?,? .*(?:unreachable|time exceeded|prohibited|too big)/.test(words);
}
