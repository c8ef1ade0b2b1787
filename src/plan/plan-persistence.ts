import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { PersistChoice, StoredFile } from '../domain/persistence.ts';
import type { Problem } from '../domain/problem.ts';
import type { PersistedEnd } from '../persist/back-end.ts';
import { chosenBackEnd, filesOf } from '../persist/index.ts';
import { bootOperations } from './boot-operations.ts';
import { commandsOf } from './commands.ts';
import { marksFor, releaseOf } from './forwarding.ts';
import { aliasOf } from './link-alias.ts';
import type { Part } from './part.ts';
import { findFile, isMadeFor, planFiles } from './plan-files.ts';
import { loosened } from './reverse-path.ts';

/** Writes the files that bring this end back at boot, and removes those of ours that are not wanted any more. */
export function planPersistence(endpoint: Endpoint, observed: ObservedHost): Part {
  return planFiles({ host: endpoint.host, tunnel: endpoint.tunnel }, wantedFiles(endpoint, observed), observed);
}

/** Why this end cannot be brought back at boot. */
export function persistenceConflicts({ host, persist }: Endpoint, { persistence }: ObservedHost): readonly Problem[] {
  if (persist === undefined || chosenBackEnd(persist, persistence.backEnds) !== undefined) return [];
  return [
    {
      code: 'plan.persist-unavailable',
      host,
      message: `${missing(persist)}, so it could not bring the tunnel back when it boots`,
      hint: 'Choose another `persist`; with `none` the tunnel is gone after a reboot, until the next `tunorch up`.',
    },
  ];
}

function missing(persist: PersistChoice): string {
  return persist === 'auto' ? 'nothing that tunorch knows brings up the network of this host' : `${persist} does not run this host`;
}

/** Files in the way that were not made for this tunnel. */
export function fileConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const { host, tunnel } = endpoint;
  return wantedFiles(endpoint, observed).flatMap(({ path }) => {
    const found = findFile(path, observed);
    if (found?.kind !== 'text' || isMadeFor(tunnel, found, observed)) return [];
    const message = `${path} exists, and tunorch did not write it for the tunnel ${tunnel}`;
    return [{ code: 'plan.foreign-file', host, message, hint: 'Move it away, or have it replaced with --adopt; or choose another device.' }];
  });
}

function wantedFiles(endpoint: Endpoint, observed: ObservedHost): readonly StoredFile[] {
  const { persist } = endpoint;
  const backEnd = persist === undefined ? undefined : chosenBackEnd(persist, observed.persistence.backEnds);
  return backEnd === undefined ? [] : filesOf(backEnd, persistedEnd(endpoint, observed));
}

/** With the marks its link has now, so that a later run finds the same after a reboot. */
function persistedEnd(endpoint: Endpoint, observed: ObservedHost): PersistedEnd {
  const marks = marksFor(endpoint, observed);
  const commands = bootOperations(endpoint, aliasOf(endpoint, observed)).flatMap(commandsOf);
  return {
    endpoint,
    commands: commands.flatMap((command) => (command.tool === 'ip' ? [command.words] : [])),
    sysctls: [...marks.map((mark) => ({ path: releaseOf(mark).path, value: '1' })), ...loosened(endpoint, observed)],
  };
}
