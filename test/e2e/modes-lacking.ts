import type { ModeName } from '../../src/domain/tunnel.ts';
import { modeOf, modes } from '../../src/modes/index.ts';
import type { Scenario } from './scenario-stage.ts';

/** By mode, what the kernels of these hosts lack for it, as `modprobe -n` says, which loads nothing. */
export async function lackingModes(scenario: Scenario, hosts: readonly string[]): Promise<ReadonlyMap<ModeName, string>> {
  const all = [...new Set([...modes.values()].flatMap((mode) => mode.modules))];
  const script = `for m in ${all.join(' ')}; do [ -e /sys/module/$m ] || modprobe -n -q $m || echo $m; done`;
  const missing = new Set((await Promise.all(hosts.map((host) => scenario.sh(host, script)))).flatMap((text) => text.split('\n')));
  const lacks = (mode: ModeName) => modeOf(mode).modules.find((module) => missing.has(module));
  return new Map([...modes.keys()].flatMap((mode) => (lacks(mode) === undefined ? [] : [[mode, `no module ${lacks(mode)}`] as const])));
}

/** The modes these hosts' kernels have. */
export async function presentModes(scenario: Scenario, hosts: readonly string[]): Promise<readonly ModeName[]> {
  const lacking = await lackingModes(scenario, hosts);
  return [...modes.keys()].filter((mode) => !lacking.has(mode));
}
