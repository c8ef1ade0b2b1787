import type { HostFailure } from '../errors/host-failure.ts';
import { prepareScript } from '../script/prepare.ts';
import { failures, isBusy, onEach, orFailure, type PerHost, successes, tellFailure } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { prepareRefusal } from './host-refusals.ts';
import { begin, memberOf, type Progress, scriptOf, type Transaction, withProblems } from './transaction.ts';

/** Locks, writes the way back and arms the timer on every host, before any of them is changed. */
export function prepareHosts(transaction: Transaction): Promise<PerHost<true>> {
  const { world, scripts } = transaction;
  return onEach([...scripts.keys()], { phase: 'prepare', world }, (host) => prepareHost(host, transaction));
}

/** Tunnels whose hosts are both prepared are sound; for the others nothing will be changed anywhere. */
export function startProgress(transaction: Transaction, prepared: PerHost<true>): Progress {
  const { world } = transaction;
  for (const failure of failures(prepared).values()) if (isBusy(failure)) tellFailure(failure, world);
  return withProblems(begin(transaction), (tunnel) => [...hostProblems(tunnel, prepared), ...interruption(world.interrupt)]);
}

/** Lets the hosts go that were prepared, so that whoever holds the others never waits for us. */
export async function releaseHosts(transaction: Transaction, prepared: PerHost<true>): Promise<void> {
  await Promise.all([...successes(prepared).keys()].map((host) => orFailure(memberOf(transaction, host).session.run('tunorch_leave'))));
}

async function prepareHost(host: string, transaction: Transaction): Promise<true | HostFailure> {
  const { deadlineSeconds, request } = transaction;
  const reply = await memberOf(transaction, host).session.run(prepareScript(scriptOf(transaction, host), { deadlineSeconds, owner: request.owner }));
  return reply.status === 0 ? true : prepareRefusal(host, reply);
}
