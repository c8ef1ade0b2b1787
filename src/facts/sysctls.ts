import type { Fact } from './fact.ts';

/**
 * Forwarding, of the host and of each device, and whether secondary addresses are promoted.
 *
 * The devices matter because every change of ip_forward overwrites all conf/DEV/forwarding (ip-sysctl.rst), so an undo
 * of it must write them back one by one. The shell's own `read` will not do: it reads byte by byte, and the kernel gives a
 * number of /proc/sys only to a first read (kernel/sysctl.c, do_proc_dointvec).
 */
export const sysctls: Fact<ReadonlyMap<string, string>> = {
  name: 'sysctls',
  snippet: () =>
    'grep -s . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/promote_secondaries /proc/sys/net/ipv6/conf/*/forwarding; :',
  parse: (section) => new Map([...section.matchAll(/^\/proc\/sys\/(net\/[^:\n]+):(\S+)$/gm)].map(([, path = '', value = '']) => [path, value])),
};
