import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { modeOf, modes } from '../modes/index.ts';
import { type ModuleUse, readUnloaded, unloadScript } from '../script/unload.ts';
import { type Crew, orFailure } from './crew.ts';
import { byHost, endsOf } from './groups.ts';
import type { World } from './world.ts';

/**
 * Unloads the modules of tunnels that are gone from both their hosts, where nothing else needs them (`--unload-modules`).
 *
 * It comes after the transaction, for nothing brings a module's tunnels back: what is not unloaded is told, and no failure.
 */
export async function unloadModules(gone: readonly Tunnel[], crew: Crew, world: World): Promise<void> {
  await Promise.all(
    [...byHost(gone, endsOf)].map(async ([host, tunnels]) => {
      const names = tunnels.flatMap(({ mode }) => modeOf(mode).modules);
      const reply = await orFailure(crew.get(host)?.session.run(unloadScript([...new Set(names)].map(useOf))) ?? Promise.resolve({ stdout: '' }));
      if (reply instanceof HostFailure) return world.report({ type: 'host-warning', host, message: `its modules were not unloaded: ${reply.what}` });
      for (const { module, state, words } of readUnloaded(reply.stdout)) {
        if (state === 'unloaded') world.report({ type: 'module-unloaded', host, module });
        else world.report({ type: 'host-warning', host, message: `module ${module} stays loaded: ${words}` });
      }
    }),
  );
}

/** Kinds of devices that tunorch makes none of (net/ipv4/ip_gre.c, net/ipv6/ip6_gre.c). */
const OTHER_KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ip_gre', ['erspan']],
  ['ip6_gre', ['ip6erspan']],
]);

function useOf(module: string): ModuleUse {
  const own = [...modes.values()].filter(({ modules }) => modules.includes(module));
  return {
    module,
    kinds: [...new Set([...own.map(({ kind }) => kind), ...(OTHER_KINDS.get(module) ?? [])])],
    fallbackDevices: [...new Set(own.flatMap((mode) => mode.fallbackDevices))],
  };
}
