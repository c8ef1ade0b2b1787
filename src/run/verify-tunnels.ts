import type { Tunnel } from '../domain/tunnel.ts';
import { numbered } from '../script/journal.ts';
import { type Expectation, expectationsOf } from '../verify/expectation.ts';
import { type Judgement, judge } from '../verify/judge.ts';
import { type Echo, probeScript, readProbes } from '../verify/probe.ts';
import { onEach, type PerHost, successes } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { hostsOf } from './groups.ts';
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
  const results = await onEach(hostsOf(tunnels), { phase: 'verify', world }, (host) => probeOn(host, tunnels, transaction));
  const judged = new Map(
    tunnels.map((tunnel) => [tunnel.name, judgeTunnel(tunnel, { expectations: expectationsOf(tunnel), heard: results }, world)]),
  );
  return withProblems(before, (tunnel) => {
    const judgement = judged.get(tunnel.plan.tunnel.name);
    return judgement === undefined ? [] : [...hostProblems(tunnel, results), ...judgement.problems, ...interruption(world.interrupt)];
  });
}

async function probeOn(host: string, tunnels: readonly Tunnel[], transaction: Transaction): Promise<readonly Echo[]> {
  const numbers = new Map(numbered(scriptOf(transaction, host)).map(({ tunnel, number }) => [tunnel, number]));
  const expectations = tunnels.flatMap((tunnel) => expectationsOf(tunnel)).filter((expectation) => expectation.host === host);
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

interface Hearing {
  readonly expectations: readonly Expectation[];
  readonly heard: PerHost<readonly Echo[]>;
}

/** Judges one tunnel by what its two hosts heard of what was expected, and tells it. */
export function judgeTunnel({ name }: Tunnel, { expectations, heard }: Hearing, world: World): Judgement {
  const judgement = judge(expectations, successes(heard));
  for (const probe of judgement.probes) world.report({ type: 'probe', tunnel: name, probe });
  for (const result of judgement.fullSizes) world.report({ type: 'full-size-probe', tunnel: name, ...result });
  return judgement;
}
