import type { Host } from '../domain/host.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { gatherScript, type Questions } from '../facts/observe.ts';
import type { Transport } from '../transport/transport.ts';
import { orFailure, type PerHost } from './crew.ts';
import { openingOutput, understood } from './gather.ts';

/** Reads what hosts have, without any tunnel in mind; changes nothing. */
export async function observeHosts(
  hosts: readonly Host[],
  world: { readonly transport: Transport; readonly interrupt: AbortSignal },
): Promise<PerHost<ObservedHost>> {
  return new Map(await Promise.all(hosts.map(async (host) => [host.name, await orFailure(observeHost(host, world))] as const)));
}

async function observeHost(host: Host, { transport, interrupt }: { readonly transport: Transport; readonly interrupt: AbortSignal }) {
  const questions: Questions = {
    host: host.name,
    devices: [],
    prefixes: [],
    tables: [],
    modules: [],
    lookups: [],
    wantsClamps: false,
    wantsPorts: false,
  };
  const session = await transport.connect(host, interrupt, gatherScript(questions));
  try {
    return understood(questions, session, await openingOutput(session));
  } finally {
    await session.close();
  }
}
