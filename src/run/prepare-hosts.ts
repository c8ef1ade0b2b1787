import { stripControl } from '../domain/strip-control.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { PREPARE_STATUS, prepareScript } from '../script/prepare.ts';
import type { Reply } from '../transport/transport.ts';
import { onEach, type PerHost } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { begin, memberOf, type Progress, scriptOf, type Transaction, withProblems } from './transaction.ts';

/** Locks, writes the way back and arms the timer on every host, before any of them is changed. */
export async function prepareHosts(transaction: Transaction): Promise<{ readonly progress: Progress; readonly prepared: PerHost<true> }> {
  const { world, scripts } = transaction;
  const prepared = await onEach([...scripts.keys()], { phase: 'prepare', world }, (host) => prepareHost(host, transaction));
  const progress = withProblems(begin(transaction), (tunnel) => [...hostProblems(tunnel, prepared), ...interruption(world.interrupt)]);
  return { progress, prepared };
}

async function prepareHost(host: string, transaction: Transaction): Promise<true> {
  const { deadlineSeconds, owner } = transaction.request;
  const reply = await memberOf(transaction, host).session.run(prepareScript(scriptOf(transaction, host), { deadlineSeconds, owner }));
  if (reply.status !== 0) throw refusal(host, reply);
  return true;
}

function refusal(host: string, { status, stdout, stderr }: Reply): HostFailure {
  const words = stripControl(stderr).trim();
  switch (status) {
    case PREPARE_STATUS.locked:
      return new HostFailure({
        code: 'host.locked',
        host,
        message: `another run is at work on it: ${stripControl(stdout).trim() || 'it does not say whose'}`,
        hint: 'Wait for it to end and run again. The lock goes away with the run, or at the latest with its deadline.',
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
