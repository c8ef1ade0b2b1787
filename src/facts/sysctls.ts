import type { Fact } from './fact.ts';

/**
 * Forwarding, of the host and of each device.
 *
 * The devices matter because every change of ip_forward overwrites all conf/DEV/forwarding (ip-sysctl.rst), so an undo
 * of it must write them back one by one.
 */
export const sysctls: Fact<ReadonlyMap<string, string>> = {
  name: 'sysctls',
  snippet: () => `for f in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv6/conf/*/forwarding; do
  [ -r "$f" ] && read -r v <"$f" && printf '%s %s\\n' "\${f#/proc/sys/}" "$v"
done`,
  parse: (section) => new Map([...section.matchAll(/^(net\/\S+) (\S+)$/gm)].map(([, path = '', value = '']) => [path, value])),
};
