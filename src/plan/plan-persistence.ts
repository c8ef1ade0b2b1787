import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { linksWith } from '../domain/observed-index.ts';
import type { BackEndName, PersistChoice, PersistObstacle, StoredFile } from '../domain/persistence.ts';
import type { Problem } from '../domain/problem.ts';
import type { BackEnd, PersistedEnd } from '../persist/back-end.ts';
import { tunnelOf } from '../persist/header.ts';
import { chosenBackEnd, filesOf, whyNot } from '../persist/index.ts';
import { bootOperations } from './boot-operations.ts';
import { commandsOf, LINK_GROUP } from './commands.ts';
import { marksFor, releaseOf } from './forwarding.ts';
import { aliasOf } from './link-alias.ts';
import type { Operation } from './operation.ts';
import type { Part } from './part.ts';
import { findFile, planFiles } from './plan-files.ts';
import { wantedRoutes } from './plan-routes.ts';
import { loosened } from './reverse-path.ts';

/** Writes the files that bring this end back at boot, and removes those of ours that are not wanted any more. */
export function planPersistence(endpoint: Endpoint, observed: ObservedHost): Part {
  return planFiles({ host: endpoint.host, tunnel: endpoint.tunnel }, wantedFiles(endpoint, observed), observed);
}

/** Why this end cannot be brought back at boot. */
export function persistenceConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const { host, persist } = endpoint;
  if (persist === undefined) return [];
  const backEnd = backEndFor(endpoint, observed);
  if (backEnd === undefined) return [{ code: 'plan.persist-unavailable', host, ...absent(persist) }];
  const fault = whyNot(backEnd, endpoint, observed.persistence);
  if (fault === undefined) return [];
  if (fault.kind === 'obstacle') return [{ code: 'plan.persist-unavailable', host, ...OBSTACLES[fault.obstacle] }];
  return [{ code: 'plan.persist-inexpressible', host, ...wordless(backEnd.name, endpoint, fault.fields) }];
}

function absent(persist: PersistChoice): Words {
  const message =
    persist === 'auto'
      ? 'neither systemd nor an ifupdown that reads interfaces.d runs this host, and `auto` takes nothing else'
      : `${RUNNERS[persist]} does not run this host`;
  return {
    message: `${message}, so it could not bring the tunnel back when it boots`,
    hint: 'Choose another `persist`; with `none` the tunnel is gone after a reboot, until the next `tunorch up`.',
  };
}

function wordless(name: BackEndName, { mode }: Endpoint, fields: readonly string[]): Words {
  const what = fields.includes('mode') ? `mode ${mode}` : `${fields.map((field) => `\`${field}\``).join(' and ')} of this ${mode} tunnel`;
  return {
    message: `${RUNNERS[name]} has no words for ${what}`,
    hint: 'Write «persist: systemd», which can bring back every tunnel, or «persist: auto»; or change what is named.',
  };
}

type Words = Pick<Problem, 'message' | 'hint'>;

/** As they are called, with what they need beside them. */
const RUNNERS: Readonly<Record<BackEndName, string>> = {
  systemd: 'systemd',
  networkd: 'systemd-networkd',
  netplan: 'netplan with systemd-networkd',
  networkmanager: 'NetworkManager',
  ifupdown: 'ifupdown',
};

const OBSTACLES: Readonly<Record<PersistObstacle, Words>> = {
  udev: {
    message: 'no udev runs on this host, and without it nothing would mark the link as made by tunorch when the host boots',
    hint: 'Write «persist: systemd», whose unit marks the link itself.',
  },
  dispatcher: {
    message: 'the dispatcher of NetworkManager is switched off, and it would give the link its addresses and routes when the host boots',
    hint: 'Run `systemctl enable NetworkManager-dispatcher`, or write «persist: systemd».',
  },
  source: {
    message: '/etc/network/interfaces does not include the files of /etc/network/interfaces.d, so ifupdown would not see the tunnel',
    hint: 'Add the line «source /etc/network/interfaces.d/*» to /etc/network/interfaces.',
  },
};

/** Files in the way that were not made for this tunnel. */
export function fileConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const { host, tunnel } = endpoint;
  return wantedFiles(endpoint, observed).flatMap(({ path }) => {
    const found = findFile(path, observed);
    if (found?.kind !== 'text' || tunnelOf(found.text) === tunnel) return [];
    const message = `${path} exists, and tunorch did not write it for the tunnel ${tunnel}`;
    return [{ code: 'plan.foreign-file', host, message, hint: 'Move it away, or have it replaced with --adopt; or choose another device.' }];
  });
}

function wantedFiles(endpoint: Endpoint, observed: ObservedHost): readonly StoredFile[] {
  const backEnd = endpoint.persist === undefined ? undefined : backEndFor(endpoint, observed);
  if (backEnd === undefined || whyNot(backEnd, endpoint, observed.persistence) !== undefined) return [];
  return filesOf(backEnd, persistedEnd(endpoint, observed));
}

function backEndFor(endpoint: Endpoint, { links, persistence }: ObservedHost): BackEnd | undefined {
  const { dev, local } = endpoint;
  const underlay = dev ?? linksWith(links, local)[0]?.device;
  return chosenBackEnd(endpoint, { ...persistence, underlay });
}

/** With the marks its link has now, so that a later run finds the same after a reboot. */
export function persistedEnd(endpoint: Endpoint, observed: ObservedHost): PersistedEnd {
  const alias = aliasOf(endpoint, observed);
  const [addLink, ...inner] = bootOperations(endpoint, alias).map(ipCommands);
  return {
    endpoint,
    mark: { alias, group: LINK_GROUP },
    linkCommands: addLink ?? [],
    innerCommands: inner.flat(),
    routes: wantedRoutes(endpoint),
    sysctls: [...marksFor(endpoint, observed).map((mark) => ({ path: releaseOf(mark).path, value: '1' })), ...loosened(endpoint, observed)],
  };
}

function ipCommands(operation: Operation): readonly (readonly string[])[] {
  return commandsOf(operation).flatMap((command) => (command.tool === 'ip' ? [command.words] : []));
}
