import type { ModuleAbsence, ObservedHost } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { CONFIG_SYMBOLS, modulesOf } from '../modes/modules.ts';
import { outerFamilies } from './underlay.ts';

const REASONS: Readonly<Record<ModuleAbsence, { readonly message: string; readonly hint: string }>> = {
  'no-such-module': {
    message: 'this kernel has no such module',
    hint: 'Install the package with the kernel’s extra modules, or choose another mode.',
  },
  blacklisted: {
    message: 'it is blacklisted in modprobe.d',
    hint: 'An administrator decided so: remove the `blacklist` line in /etc/modprobe.d, or choose another mode.',
  },
  'disabled-by-install-rule': {
    message: 'an `install` rule in modprobe.d keeps it from loading',
    hint: 'An administrator decided so: remove the `install` line in /etc/modprobe.d, or choose another mode.',
  },
  'kernel-upgraded-without-reboot': {
    message: 'the modules of the running kernel are gone: the kernel was upgraded and the host not rebooted since',
    hint: 'Reboot the host.',
  },
  'loading-disabled': {
    message: 'kernel.modules_disabled is 1, so nothing can be loaded until the next boot',
    hint: 'Load it at boot, by a file in /etc/modules-load.d.',
  },
  container: {
    message: 'this is a container: its kernel belongs to the machine outside',
    hint: 'Load the module on the machine that runs the container.',
  },
  'modprobe-missing': { message: 'it is not loaded and there is no modprobe', hint: 'Install kmod, or load the module by hand.' },
};

/** What the host lacks for a tunnel: exit 4, because nothing can be done about it from here. */
export function findMissingSupport(tunnel: Tunnel, observed: ObservedHost): readonly Problem[] {
  const { host, kernelRelease } = observed;
  if (!observed.canAdministerNetwork) {
    return [
      {
        code: 'host.kernel-support',
        host,
        message: 'the root shell lacks CAP_NET_ADMIN, so it cannot make links',
        hint: 'Start the container with the capability NET_ADMIN, or work on the machine outside it.',
      },
    ];
  }
  return modulesOf(tunnel, outerFamilies(tunnel)).flatMap((module) => {
    const support = observed.modules.get(module);
    if (support === undefined || support.state !== 'absent') return [];
    const { message, hint } = REASONS[support.reason];
    const symbol = CONFIG_SYMBOLS.get(module);
    const [what, named] = symbol === undefined ? [tunnel.mode, module] : ['ipsec', `${module} (${symbol})`];
    return [
      { code: 'host.kernel-support', host, message: `kernel ${kernelRelease} cannot do ${what}, it needs the module ${named}: ${message}`, hint },
    ];
  });
}
