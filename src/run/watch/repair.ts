import type { Diagnosis } from '../../diagnose/finding.ts';
import type { Tunnel } from '../../domain/tunnel.ts';
import { findingWords, isCurable } from '../../watch/curable.ts';
import type { TunnelRecap } from '../events.ts';
import { run } from '../run.ts';
import type { RunRequest, Unstamped } from '../world.ts';
import type { WatchWorld } from './watch-world.ts';

/** What a look at a tunnel that is down came to. */
export interface RepairResult {
  readonly tunnel: string;
  readonly diagnosis?: Diagnosis;
  /** `repaired` and `failed`: a transaction was begun · `left`: nothing was changed. */
  readonly outcome: 'repaired' | 'failed' | 'left';
  /** What was done, or why nothing. */
  readonly words: string;
}

/** What one run came to, and what it told of each tunnel. */
interface Heard {
  readonly recaps: ReadonlyMap<string, TunnelRecap>;
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
  readonly steps: ReadonlyMap<string, readonly string[]>;
}

/**
 * Asks doctor about tunnels that are down, and brings back what it proved and `up` can repair, each as one transaction on both ends.
 *
 * Connections of its own: the lock and the way back of a transaction live and die with its session.
 */
export async function repairTunnels(tunnels: readonly Tunnel[], request: RunRequest, world: WatchWorld): Promise<readonly RepairResult[]> {
  const { diagnoses, recaps } = await hear({ ...request, command: 'doctor', tunnels }, world);
  const curable = tunnels.filter(({ name }) => isProved(diagnoses.get(name)));
  const isBegun = curable.length > 0 && !world.interrupt.aborted;
  const done = isBegun ? await hear({ ...request, command: 'up', tunnels: curable, isExplained: false }, world) : undefined;
  return tunnels.map(({ name }) => {
    const diagnosis = diagnoses.get(name);
    const recap = done?.recaps.get(name);
    const found = diagnosis === undefined ? problemsIn(recaps.get(name)) : findingWords(diagnosis);
    const seen = { tunnel: name, ...(diagnosis === undefined ? {} : { diagnosis }) };
    if (recap === undefined) return { ...seen, outcome: 'left', words: found };
    return { ...seen, ...outcomeOf(recap, { found, steps: done?.steps.get(name) ?? [] }) };
  });
}

/** Asks doctor about one tunnel. @returns undefined where a host could not be worked with */
export async function askDoctor(tunnel: Tunnel, request: RunRequest, world: WatchWorld): Promise<Diagnosis | string> {
  const { diagnoses, recaps } = await hear({ ...request, command: 'doctor', tunnels: [tunnel] }, world);
  return diagnoses.get(tunnel.name) ?? problemsIn(recaps.get(tunnel.name));
}

function isProved(diagnosis: Diagnosis | undefined): boolean {
  return diagnosis !== undefined && isCurable(diagnosis);
}

function outcomeOf(
  recap: TunnelRecap,
  { found, steps }: { readonly found: string; readonly steps: readonly string[] },
): Pick<RepairResult, 'outcome' | 'words'> {
  if (recap.outcome === 'changed') return { outcome: 'repaired', words: `${found}; done: ${steps.join(', ')}` };
  if (recap.outcome === 'ok') return { outcome: 'left', words: `${found}; both ends are as declared by now` };
  const isUntouched = recap.outcome === 'failed' || recap.outcome === 'unreachable';
  return { outcome: isUntouched ? 'left' : 'failed', words: `${found}; ${recap.outcome.replace('-', ' ')}: ${problemsIn(recap)}` };
}

function problemsIn(recap: TunnelRecap | undefined): string {
  const [first] = recap?.problems ?? [];
  if (first === undefined) return 'it could not be looked into';
  return `${first.host === undefined ? '' : `${first.host}: `}${first.message}. ${first.hint}`;
}

/** A run whose events are not told one by one: a watch tells what they came to. */
async function hear(request: RunRequest, world: WatchWorld): Promise<Heard> {
  const diagnoses = new Map<string, Diagnosis>();
  const steps = new Map<string, readonly string[]>();
  const report = (event: Unstamped) => {
    if (event.type === 'diagnosis') diagnoses.set(event.diagnosis.tunnel, event.diagnosis);
    if (event.type === 'step' && event.state === 'done')
      steps.set(event.tunnel, [...(steps.get(event.tunnel) ?? []), `${event.host}: ${event.title}`]);
  };
  const { tunnels } = await run({ ...request, runId: world.newRunId() }, { ...world, report });
  return { recaps: new Map(tunnels.map((recap) => [recap.tunnel, recap])), diagnoses, steps };
}
