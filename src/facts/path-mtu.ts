import { familyOf, type IpAddress } from '../domain/address.ts';
import { LEAST_IPV6_MTU_BYTES } from '../modes/sizes.ts';
import { quoteAll } from '../shell/quote.ts';
import { ECHO_HEADER_BYTES } from './ping.ts';

/** One way through the underlay, or through a tunnel, to be measured from the host it begins at. */
export interface PathQuestion {
  /** What the answer is found by; without blanks. */
  readonly name: string;
  readonly to: IpAddress;
  /** Address or link the packets are sent from. */
  readonly from: string;
  /** Bytes the link they leave by carries. */
  readonly mostBytes: number;
}

/** Bytes of the largest packet that arrives; `silent`: nothing answered; `unable`: this host's ping cannot forbid fragmentation. */
export type PathAnswer = number | 'silent' | 'unable';

/** What every link must carry: RFC 791 has hosts take 576 bytes. */
const LEAST_BYTES = { 4: 576, 6: LEAST_IPV6_MTU_BYTES } as const;
const REPORT = '@@tunorch-path';

/**
 * Finds the largest packet that crosses to each address without being fragmented; all paths at once. Changes nothing.
 *
 * Begins with what the link carries, so that an ordinary path costs one echo. A router, or the host's own kernel, that says
 * what it carries instead saves the search; where none does (a black hole, RFC 2923), it is halved, which takes a second for each
 * packet that is lost. `-M probe` would not be misled by what the kernel remembers, and is not in iputils before 2023.
 */
export function pathScript(questions: readonly PathQuestion[]): string {
  const calls = questions.map(({ name, to, from, mostBytes }) => {
    const family = familyOf(to);
    return `  tunorch_path ${quoteAll([name, to, from, String(ECHO_HEADER_BYTES[family]), String(LEAST_BYTES[family]), String(mostBytes)])} & paths="$paths $!"`;
  });
  return `tunorch_say_path() { printf '${REPORT} %s %s\\n' "$1" "$2"; }
tunorch_crosses() { ping -n -c "$1" -i 0.2 -W 1 -M "$sort" -s "$(($2 - header))" -I "$from" "$to" 2>&1; }
tunorch_path() {
  name=$1 to=$2 from=$3 header=$4 low=$5 high=$6
  [ -n "$sort" ] || { tunorch_say_path "$name" unable; return; }
  for try in 1 2 3 4 5; do
    words=$(tunorch_crosses 1 "$high") && { tunorch_say_path "$name" "$high"; return; }
    said=$(printf '%s\\n' "$words" | sed -n 's/.*mtu[ =:]*\\([0-9][0-9]*\\).*/\\1/p' | tail -n 1)
    [ "\${said:-0}" -ge "$low" ] && [ "$said" -lt "$high" ] || break
    high=$said
  done
  tunorch_crosses 3 "$low" >/dev/null || { tunorch_say_path "$name" silent; return; }
  tunorch_crosses 3 "$high" >/dev/null && low=$high
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if tunorch_crosses 2 "$middle" >/dev/null; then low=$middle; else high=$middle; fi
  done
  tunorch_say_path "$name" "$low"
}
tunorch_paths() {
  paths= sort=; for s in do probe; do ! ping -M "$s" -V >/dev/null 2>&1 || sort=$s; done
${calls.join('\n')}
  for path in $paths; do wait "$path"; done
}
tunorch_paths`;
}

/** Reads what {@link pathScript} printed; a path that was not reported on is left out. */
export function readPaths(stdout: string): ReadonlyMap<string, PathAnswer> {
  const reports = [...stdout.matchAll(new RegExp(`^${REPORT} (\\S+) (\\d+|silent|unable)$`, 'gm'))];
  return new Map(reports.map(([, name = '', answer = '']) => [name, answer === 'silent' || answer === 'unable' ? answer : Number(answer)]));
}
