import { quoteAll } from '../shell/quote.ts';
import type { Fact } from './fact.ts';

/**
 * Forwarding, of the host and of each device, whether secondary addresses are promoted, the reverse path filter of all and
 * of new devices, and of the tunnels' own devices every setting that is not what conf/default has.
 *
 * All devices matter because every change of ip_forward overwrites all conf/DEV/forwarding (ip-sysctl.rst), so an undo
 * of it must write them back one by one; the tunnels' own because what was set on a link goes with it. The shell's own
 * `read` will not do: it reads byte by byte, and the kernel gives a number of /proc/sys only to a first read
 * (kernel/sysctl.c, do_proc_dointvec).
 */
export const sysctls: Fact<ReadonlyMap<string, string>, readonly string[]> = {
  name: 'sysctls',
  snippet: (devices) => `grep -s . ${OF_THE_HOST}
tunorch_own_settings() {
  found=; for d; do [ ! -e "/proc/sys/net/ipv4/conf/$d" ] || found="$found /proc/sys/net/ipv4/conf/$d /proc/sys/net/ipv6/conf/$d"; done
  [ -z "$found" ] || grep -rs . $found | grep -v "$(grep -rs . /proc/sys/net/ipv4/conf/default /proc/sys/net/ipv6/conf/default | sed 's|default|[^/]*|; s|$|$|')"
}
tunorch_own_settings ${quoteAll(devices)}; :`,
  parse: (section) => new Map([...section.matchAll(/^\/proc\/sys\/(net\/[^:\n]+):(\S+)$/gm)].map(([, path = '', value = '']) => [path, value])),
};

const OF_THE_HOST = [
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/net/ipv4/conf/*/forwarding',
  '/proc/sys/net/ipv4/conf/*/promote_secondaries',
  '/proc/sys/net/ipv4/conf/all/rp_filter',
  '/proc/sys/net/ipv4/conf/default/rp_filter',
  '/proc/sys/net/ipv6/conf/*/forwarding',
].join(' ');
