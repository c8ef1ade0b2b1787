import type { Tunnel } from '../domain/tunnel.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { Crew } from './crew.ts';
import { diagnoseTunnel } from './diagnose-tunnels.ts';
import { gatherAnew } from './gather.ts';
import { type ArmedTransaction, isRemoval, memberOf, type Progress, type TunnelProgress } from './transaction.ts';
import type { World } from './world.ts';

/** Of a deadline, what is kept for the rollback. */
const ROLLBACK_MS = 15_000;
/** What a diagnosis takes at least. */
const DIAGNOSIS_MS = 25_000;

/**
 * Tells why an applied tunnel carries nothing, while it is still there to be looked at.
 *
 * Only where no tunnel of the transaction is waiting to be committed, only one, and never longer than leaves time for the
 * rollback, which follows whatever happens here.
 */
export async function explainSilence(transaction: ArmedTransaction, progress: Progress): Promise<void> {
  const { request, world, doubtEndsAt } = transaction;
  const timeLeftMs = () => (world.interrupt.aborted ? 0 : doubtEndsAt - world.now() - ROLLBACK_MS);
  const [first, ...others] = [...progress.values()].filter(({ isBegun }) => isBegun);
  if (request.isExplained !== true || first === undefined || ![first, ...others].every(isSilent) || timeLeftMs() < DIAGNOSIS_MS) return;
  const { tunnel } = first.plan;
  world.report({ type: 'tunnel-phase', tunnel: tunnel.name, phase: 'diagnose', state: 'started' });
  const crew: Crew = new Map(tunnel.endpoints.map(({ host }) => [host, memberOf(transaction, host)]));
  try {
    const diagnosis = await diagnoseTunnel(tunnel, await gatherAnew(crew, world), { context: transaction, timeLeftMs });
    if (diagnosis.findings.length > 0) world.report({ type: 'diagnosis', diagnosis });
  } catch (error) {
    tellUnexplained(error, tunnel, world);
  }
}

/** Whatever went wrong here, even a bug of ours, must not keep the rollback from following: it is told and no more. */
function tellUnexplained(error: unknown, { name, endpoints }: Tunnel, world: World): void {
  const isOfHost = error instanceof HostFailure;
  const why = isOfHost ? `${error.code}: ${error.what}` : String(error);
  world.report({ type: 'tunnel-phase', tunnel: name, phase: 'diagnose', state: 'failed' });
  world.report({ type: 'host-warning', host: isOfHost ? error.host : endpoints[0].host, message: `why ${name} is silent was not found out: ${why}` });
}

/** Applied on both hosts without a word, and then not heard. */
function isSilent({ plan, problems }: TunnelProgress): boolean {
  return !isRemoval(plan) && problems.length > 0 && problems.every(({ code }) => code === 'verify.no-reply' || code === 'verify.full-size-lost');
}
