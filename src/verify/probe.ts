import { familyOf, type IpAddress } from '../domain/address.ts';
import { ECHO_HEADER_BYTES, type PingCounts, readPingCounts } from '../facts/ping.ts';
import { quote, quoteAll } from '../shell/quote.ts';
import type { Expectation } from './expectation.ts';

const REPORT = '@@tunorch-probe';

/** Seconds a probe waits for its last reply. */
const REPLY_WITHIN_SECONDS = 2;

/** Runs a `ping` and tells in one piece what it said, for {@link readProbes}; `$mtu` is what the device has. */
export const PROBE_FUNCTION = `tunorch_probe() { tunnel=$1 sort=$2 target=$3; shift 3; words=$("$@" 2>&1); status=$?; printf '${REPORT} %s %s %s %s %s\\n%s\\n' "$tunnel" "$sort" "$target" "$status" "\${mtu:-0}" "$words"; return "$status"; }`;

/**
 * Pings each target through its tunnel's device, and as often with packets of the device's full MTU that may not be
 * fragmented, one of which has to come through; all at once, so that a host with many tunnels takes no longer than with one.
 *
 * A peer behind NAT is waited for, since it can be reached only when it has sent something itself.
 *
 * Waits for its own processes only: the shell may have others in the background. Only `ping` and the device are needed, nothing is changed. A full-size echo proves the direction of the request only,
 * since the reply comes back without DF; so both ends send one. A ping that cannot set DF (busybox) sends the same packet
 * without: it fits into the device, and its outer packet has DF unless the tunnel says otherwise.
 */
export function probeScript(expectations: readonly Expectation[], onSuccess: (tunnel: string) => string = () => ':'): string {
  const groups = expectations.map(({ tunnel, device, targets, beyond, rules, isPeerHidden }) => {
    const options = ['-n', '-q', '-W', String(REPLY_WITHIN_SECONDS), '-I', device];
    const count = ['-c', String(rules.count), '-i', String(rules.intervalSeconds)];
    const plain = (
      sort: Echo['sort'],
      target: IpAddress,
    ) => `tunorch_probe ${quoteAll([tunnel, sort, target])} ping ${quoteAll([...options, ...count, target])} &
    echoes="$echoes $!"`;
    const probes = targets.map((target) => {
      const size = `$((mtu - ${ECHO_HEADER_BYTES[familyOf(target)]}))`;
      return `${plain('echo', target)}
    tunorch_probe ${quoteAll([tunnel, 'full-size', target])} ping ${quoteAll([...options, ...count])} $df -s "${size}" ${quote(target)} &
    echoes="$echoes $!"`;
    });
    probes.push(...beyond.map((target) => plain('beyond', target)));
    return `  { mtu=; read -r mtu <${quote(`/sys/class/net/${device}/mtu`)}; ok=yes; echoes=
    ${isPeerHidden ? targets.slice(0, 1).map((target) => `tunorch_await ${quoteAll([device, target])}\n    `) : ''}${probes.join('\n    ')}
    for echo in $echoes; do wait "$echo" || ok=; done
    [ -z "$ok" ] || ${onSuccess(tunnel)}
  } 2>/dev/null &
  tunnels="$tunnels $!"`;
  });
  return `${PROBE_FUNCTION}
tunorch_await() { for try in 1 2 3 4 5 6 7 8; do ! ping -n -q -c 1 -W 1 -I "$1" "$2" >/dev/null 2>&1 || return 0; sleep 1; done; }
tunorch_probes() {
  tunnels= df='-M do'; ping $df -V >/dev/null 2>&1 || df=
${groups.join('\n')}
  for tunnel in $tunnels; do wait "$tunnel"; done
}
tunorch_probes`;
}

/** What one `ping` said. */
export interface Echo extends PingCounts {
  readonly tunnel: string;
  /** `beyond`: to an address behind the peer. */
  readonly sort: 'echo' | 'full-size' | 'beyond';
  readonly target: string;
  readonly rttMs?: { readonly min: number; readonly avg: number; readonly max: number };
  /** `mdev` of iputils, which BusyBox has not. */
  readonly jitterMs?: number;
  /** MTU of the device when it was sent; 0 where there is no such device. */
  readonly mtuBytes: number;
  /** ping's own words, for whoever has to look into it. */
  readonly words: string;
}

/** Reads what {@link probeScript} printed; iputils and busybox word their summary differently. */
export function readProbes(stdout: string): readonly Echo[] {
  return stdout.split(`${REPORT} `).slice(1).map(readEcho);
}

function readEcho(text: string): Echo {
  const [header = '', ...rest] = text.split('\n');
  const [tunnel = '', sort = '', target = '', , mtu = ''] = header.split(' ');
  const words = rest.join('\n').trim();
  const times = /(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = ([\d.]+)\/([\d.]+)\/([\d.]+)(?:\/([\d.]+))?/.exec(words);
  return {
    tunnel,
    sort: sort === 'full-size' || sort === 'beyond' ? sort : 'echo',
    target,
    ...readPingCounts(words),
    ...(times === null ? {} : { rttMs: { min: Number(times[1]), avg: Number(times[2]), max: Number(times[3]) } }),
    ...(times?.[4] === undefined ? {} : { jitterMs: Number(times[4]) }),
    mtuBytes: Number(mtu),
    words,
  };
}
