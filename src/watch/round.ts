import { quoteAll } from '../shell/quote.ts';
import type { Expectation } from '../verify/expectation.ts';
import { type Echo, PROBE_FUNCTION, readProbes } from '../verify/probe.ts';
import type { Counters, LinkSight, Sighting, Traffic } from './sighting.ts';

const READY = '@@tunorch-watch-ready';
const COUNTERS = '@@tunorch-counters';
const CLOCK = '@@tunorch-clock';

/**
 * Seconds an answer may take: with it, and what the way to the host takes, the last of `retries` lost packets is known of
 * within a second. A `ping` that takes whole seconds only (BusyBox, iputils of before 2019) waits for one.
 */
const REPLY_WITHIN_SECONDS = 0.7;

/** What travels with the request for the shell: the functions of every later round, and whether they can run here at all. */
export function roundFunctions(expectations: readonly Expectation[]): string {
  const counters = expectations.map(({ tunnel, device }) => `  tunorch_counters ${quoteAll([tunnel, device])}`);
  const pings = expectations.flatMap(({ tunnel, device, targets }) =>
    targets.map(
      (target) =>
        `  tunorch_probe ${quoteAll([tunnel, 'echo', target])} ping -n -q -c 1 -W "$tunorch_patience" -I ${quoteAll([device, target])} & pings="$pings $!"`,
    ),
  );
  return `${PROBE_FUNCTION}
tunorch_count() { count=-; { read -r count <"/sys/class/net/$1/$2"; } 2>/dev/null; counts="$counts \${count:--}"; }
tunorch_counters() {
  counts=
  tunorch_count "$2" flags
  for way in rx tx; do for what in bytes packets errors dropped; do tunorch_count "$2" "statistics/\${way}_$what"; done; done
  printf '${COUNTERS} %s%s\\n' "$1" "$counts"
}
tunorch_round() {
  pings= mtu=0
  { read -r uptime idle </proc/uptime; } 2>/dev/null; printf '${CLOCK} %s\\n' "\${uptime:-0}"
${[...counters, ...pings].join('\n')}
  for ping in $pings; do wait "$ping"; done
}
tunorch_patience=${REPLY_WITHIN_SECONDS}
case "$(ping -n -q -c 1 -W "$tunorch_patience" 127.0.0.1 2>&1)" in *linger* | *nvalid*) tunorch_patience=1 ;; esac
command -v ping >/dev/null && printf '${READY}\\n'`;
}

/** One round, once {@link roundFunctions} have run in the same shell. Changes nothing on the host, and leaves nothing. */
export const ROUND = 'tunorch_round 2>/dev/null';

/** Whether the host can be watched; without `ping` it cannot. */
export function isReady(stdout: string): boolean {
  return stdout.includes(READY);
}

/** What a round found; an end of which the host said nothing is not among it. */
export function readRound(expectations: readonly Expectation[], stdout: string): readonly Sighting[] {
  const echoes = readProbes(stdout);
  const counts = new Map([...stdout.matchAll(new RegExp(`^${COUNTERS} (\\S+) (.*)$`, 'gmu'))].map(([, tunnel = '', words = '']) => [tunnel, words]));
  const uptimeSeconds = Number(new RegExp(`^${CLOCK} ([\\d.]+)$`, 'mu').exec(stdout)?.[1] ?? 0);
  return expectations.flatMap((expectation) => {
    const words = counts.get(expectation.tunnel);
    if (words === undefined) return [];
    const own = echoes.filter(({ tunnel }) => tunnel === expectation.tunnel);
    return [sighting(expectation, own, { words: words.split(' '), uptimeSeconds })];
  });
}

interface Counted {
  readonly words: readonly string[];
  readonly uptimeSeconds: number;
}

function sighting({ tunnel, host, targets }: Expectation, echoes: readonly Echo[], counted: Counted): Sighting {
  const answered = echoes.filter(({ received }) => received > 0);
  const isAnswered = targets.length > 0 && targets.every((target) => answered.some((echo) => echo.target === target));
  const counters = countersOf(counted);
  return {
    tunnel,
    host,
    isAnswered,
    ...(isAnswered ? { rttMs: Math.max(0, ...answered.map(({ rttMs }) => rttMs?.avg ?? 0)) } : {}),
    link: linkOf(counted.words[0] ?? ''),
    ...(counters === undefined ? {} : { counters }),
  };
}

/** The lowest bit of the flags is IFF_UP (netdevice(7)). */
function linkOf(flags: string): LinkSight {
  const number = Number.parseInt(flags, 16);
  if (Number.isNaN(number)) return 'gone';
  return (number & 1) === 1 ? 'up' : 'down';
}

function countersOf({ words: [, ...words], uptimeSeconds }: Counted): Counters | undefined {
  const numbers = words.map(Number);
  if (uptimeSeconds === 0 || numbers.length < 8 || numbers.some((number) => !Number.isFinite(number))) return undefined;
  return { uptimeSeconds, rx: trafficOf(numbers.slice(0, 4)), tx: trafficOf(numbers.slice(4)) };
}

function trafficOf([bytes = 0, packets = 0, errors = 0, dropped = 0]: readonly number[]): Traffic {
  return { bytes, packets, errors, dropped };
}
