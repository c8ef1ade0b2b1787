import type { Tunnel } from '../domain/tunnel.ts';
import { numbered } from '../script/journal.ts';
import { type Expectation, expectationsOf } from '../verify/expectation.ts';
import { type Judgement, judge } from '../verify/judge.ts';
import { type Echo, probeScript, readProbes } from '../verify/probe.ts';
import { onEach, successes } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { byHost, hostsOf } from './groups.ts';
import { isRemoval, memberOf, type Progress, scriptOf, sound, type Transaction, withProblems } from './transaction.ts';
import type { World } from './world.ts';

/**
 * Sends packets through every applied tunnel from both ends at once.
 *
 * An end that heard its peer goes from `armed` to `tentative` in the same round trip: from then on its own timer asks the
 * peer once more before it undoes anything.
 */
export async function verifyTunnels(transaction: Transaction, before: Progress): Promise<Progress> {
  const { world } = transaction;
  const tunnels = sound(before)
    .filter(({ plan }) => !isRemoval(plan))
    .map(({ plan }) => plan.tunnel);
  const wanted = byHost(
    tunnels.flatMap((tunnel) => expectationsOf(tunnel)),
    ({ host }) => [host],
  );
  const results = await onEach(hostsOf(tunnels), { phase: 'verify', world }, (host) => probeOn(host, wanted.get(host) ?? [], transaction));
  const echoes = echoesByTunnel(successes(results));
  const judged = new Map(tunnels.map((tunnel) => [tunnel.name, judgeTunnel(tunnel, { expectations: expectationsOf(tunnel), echoes }, world)]));
  return withProblems(before, (tunnel) => {
    const judgement = judged.get(tunnel.plan.tunnel.name);
    return judgement === undefined ? [] : [...hostProblems(tunnel, results), ...judgement.problems, ...interruption(world.interrupt)];
  });
}

async function probeOn(host: string, expectations: readonly Expectation[], transaction: Transaction): Promise<readonly Echo[]> {
  const numbers = new Map(numbered(scriptOf(transaction, host)).map(({ tunnel, number }) => [tunnel, number]));
  const script = probeScript(
    expectations,
    (tunnel) => `mv "$tunorch_run/${numbers.get(tunnel)}.armed" "$tunorch_run/${numbers.get(tunnel)}.tentative"`,
  );
  const reply = await memberOf(transaction, host).session.run(script, { timeoutMs: probeTimeoutMs(expectations) });
  return readProbes(reply.stdout);
}

/** As long as the slowest tunnel's packets may take, and as long again for a busy host. */
export function probeTimeoutMs(expectations: readonly Expectation[]): number {
  const longest = Math.max(0, ...expectations.map(({ rules }) => rules.count * rules.intervalSeconds));
  return (longest * 2 + 30) * 1000;
}

/** What each host heard, by tunnel and then by host. */
export type EchoesByTunnel = ReadonlyMap<string, ReadonlyMap<string, readonly Echo[]>>;

/** Sorts what hosts heard by tunnels; it names the tunnel itself. */
export function echoesByTunnel(heard: ReadonlyMap<string, readonly Echo[]>): EchoesByTunnel {
  const found = new Map<string, Map<string, Echo[]>>();
  for (const [host, echoes] of heard) {
    for (const echo of echoes) {
      const hosts = found.get(echo.tunnel) ?? new Map<string, Echo[]>();
      found.set(echo.tunnel, hosts);
      const own = hosts.get(host);
      if (own === undefined) hosts.set(host, [echo]);
      else own.push(echo);
    }
  }
  return found;
}

interface Hearing {
  readonly expectations: readonly Expectation[];
  readonly echoes: EchoesByTunnel;
}

/** Judges one tunnel by what its two hosts heard of what was expected, and tells it. */
export function judgeTunnel({ name }: Tunnel, { expectations, echoes }: Hearing, world: World): Judgement {
  const judgement = judge(expectations, echoes.get(name) ?? new Map());
  for (const probe of judgement.probes) world.report({ type: 'probe', tunnel: name, probe });
  for (const result of judgement.fullSizes) world.report({ type: 'full-size-probe', tunnel: name, ...result });
  return judgement;
}
