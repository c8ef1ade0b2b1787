import { stripControl } from '../domain/strip-control.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { PREPARE_STATUS, prepareScript } from '../script/prepare.ts';
import type { Reply } from '../transport/transport.ts';
import { failures, isBusy, onEach, orFailure, type PerHost, successes, tellFailure } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
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
  const { deadlineSeconds, owner } = transaction.request;
  const reply = await memberOf(transaction, host).session.run(prepareScript(scriptOf(transaction, host), { deadlineSeconds, owner }));
  return reply.status === 0 ? true : refusal(host, reply);
}

function refusal(host: string, { status, stdout, stderr }: Reply): HostFailure {
  const words = stripControl(stderr).trim();
  switch (status) {
    case PREPARE_STATUS.locked:
      return new HostFailure({
        code: 'host.locked',
        host,
        message: `another run is at work on it: ${lockOwner(stdout)}`,
        hint: 'Wait for it with --lock-wait, or run again. The lock goes away with that run, or at the latest with its deadline.',
      });
    case PREPARE_STATUS.stale:
      return new HostFailure({
        code: 'host.changed-meanwhile',
        host,
        message: 'its links, addresses or routes changed after they were read',
        hint: 'Run again: the plan is made anew from what is there now.',
      });
    default:
      return new HostFailure({
        code: 'host.refused',
        host,
        message: `the way back could not be written under /run/tunorch: ${words || `status ${status}`}`,
        hint: 'Look whether /run is writable and has room; without a way back nothing is changed.',
      });
  }
}

/** `<who>`, then the seconds since the epoch when it was taken and now, by the host's own clock. */
function lockOwner(words: string): string {
  const [who = '', taken = '', now = ''] = stripControl(words).trim().split('\n');
  const age = Number(now) - Number(taken);
  return who === '' ? 'it does not say whose' : `${who}${Number.isFinite(age) && now !== '' ? `, for ${age} s` : ''}`;
}
