import type { FouPort } from '../domain/encapsulation.ts';
import { type StoredFile, stagedPath } from '../domain/persistence.ts';
import type { Secret } from '../domain/secret.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { batchLine, isBatchWord, quoteAll } from '../shell/quote.ts';
import { addressText } from './describe.ts';
import { type LinkRoute, weightOf } from './link-route.ts';
import { addClampLine, deleteClampLine } from './mss-clamp-command.ts';
import type { LinkSpec, Operation } from './operation.ts';
import { portMark } from './ownership.ts';
import { commandLine, typedRunCommand } from './run-command.ts';
import { isShare, shareLine, typedShare } from './share-command.ts';
import { isIpsecOperation, xfrmWords } from './xfrm-commands.ts';

/**
 * Device group of what tunorch makes (ip-link(8), `group`): unlike the alias it is there from a link's first moment, so that
 * a run cut off between the two still knows its own link. `ip link show group 205` lists them.
 */
export const LINK_GROUP = '205';

/** The group a link is in where nothing is said (/etc/iproute2/group). */
const DEFAULT_GROUP = 'default';

/** In place of a key, wherever a command is shown. */
const HIDDEN_KEY = '0x***';

/** An operation as the host runs it: a line for `ip -batch`, or a line of shell. */
export type CommandLine =
  | {
      readonly tool: 'ip';
      readonly words: readonly string[];
      readonly line: string;
      /** What of the line nobody may see. */
      readonly secret?: Secret;
    }
  | { readonly tool: 'shell'; readonly line: string };

/** The commands of an operation; the shell functions they may use are those of the journal. */
export function commandsOf(operation: Operation): readonly CommandLine[] {
  if (operation.kind === 'add-association') {
    const { key } = operation;
    const words = xfrmWords(operation, key.reveal());
    return [{ tool: 'ip', words, line: batchLine(words), secret: key }];
  }
  const lines = ipCommands(operation);
  return lines === undefined ? [{ tool: 'shell', line: shellLine(operation) }] : lines.map(ipLine);
}

/** Names of devices and aliases that somebody else wrote may hold what no batch line can: those commands are a process of their own. */
function ipLine(words: readonly string[]): CommandLine {
  return words.every(isBatchWord) ? { tool: 'ip', words, line: batchLine(words) } : { tool: 'shell', line: quoteAll(['ip', ...words]) };
}

/** How a person would type it. */
export function typedCommand(operation: Operation): string {
  switch (operation.kind) {
    case 'load-module':
      return quoteAll(['modprobe', operation.module]);
    case 'set-sysctl':
      return quoteAll(['sysctl', '-w', `${operation.path}=${operation.value}`]);
    case 'run-command':
      return typedRunCommand(operation);
    case 'stage-file':
      return quoteAll(
        operation.file.kind === 'text'
          ? ['tee', stagedPath(operation.file.path)]
          : ['ln', '-s', operation.file.target, stagedPath(operation.file.path)],
      );
    case 'check-file':
      return quoteAll(['netplan', 'generate', '--root-dir', 'COPY']);
    case 'unstage-file':
      return quoteAll(['rm', '-f', stagedPath(operation.path)]);
    case 'place-file':
      return quoteAll(['mv', '-f', stagedPath(operation.path), operation.path]);
    case 'remove-file':
      return quoteAll(['rm', '-f', operation.path]);
    case 'reload':
      return quoteAll(operation.words);
    case 'release-forwarding':
      return [`${operation.path}=0`, ...operation.keepOn.map((path) => `${path}=1`)]
        .map((setting) => quoteAll(['sysctl', '-w', setting]))
        .join(' && ');
    case 'add-clamp':
    case 'delete-clamp':
      return shellLine(operation);
    case 'call':
      return quoteAll(['ping', '-c', '1', '-W', '1', '-I', operation.device, operation.address]);
    case 'open-port':
      return quoteAll(['ip', 'fou', 'add', ...portWords(operation.port)]);
    case 'release-port':
      return quoteAll(['ip', 'fou', 'del', ...portNumber(operation.port)]);
    default:
      if (isShare(operation)) return typedShare(operation);
      return (ipCommands(operation) ?? []).map((words) => quoteAll(['ip', ...words])).join(' && ');
  }
}

function shellLine(operation: Operation): string {
  switch (operation.kind) {
    case 'load-module':
      return quoteAll(['modprobe', operation.module]);
    case 'set-sysctl':
      return quoteAll(['tunorch_sysctl', operation.path, operation.value]);
    case 'run-command':
      return commandLine(operation);
    case 'stage-file':
      return quoteAll(stageWords(operation.file));
    case 'check-file':
      return quoteAll([`tunorch_${operation.tool}`, stagedPath(operation.path), operation.path]);
    case 'unstage-file':
      return quoteAll(['tunorch_remove', stagedPath(operation.path)]);
    case 'place-file':
      return quoteAll(['tunorch_put', stagedPath(operation.path), operation.path]);
    case 'remove-file':
      return quoteAll(['tunorch_remove', operation.path]);
    case 'reload':
      return quoteAll(['tunorch_reload', ...operation.words]);
    case 'release-forwarding':
      return quoteAll(['tunorch_release', operation.mark, operation.path, ...operation.keepOn]);
    case 'add-route':
    case 'delete-route':
      return shareLine(operation);
    case 'call':
      return quoteAll(['tunorch_call', operation.device, operation.address]);
    case 'open-port':
      return quoteAll(['tunorch_listen', ...portWords(operation.port)]);
    case 'release-port':
      return quoteAll(['tunorch_close', portMark(operation.port), ...portNumber(operation.port)]);
    case 'add-clamp':
      return addClampLine(operation.clamp);
    case 'delete-clamp':
      return deleteClampLine(operation.clamp);
    default:
      throw new Error(`${operation.kind} is a command of ip`);
  }
}

function stageWords(file: StoredFile): readonly string[] {
  const path = stagedPath(file.path);
  return file.kind === 'text' ? ['tunorch_write', path, file.mode, file.text] : ['tunorch_link', path, file.target];
}

/** Words of ip-link(8), ip-address(8) and ip-route(8); names always behind `name` or `dev`, because a bare one may be taken for a keyword. */
function ipCommands(operation: Operation): readonly (readonly string[])[] | undefined {
  if (operation.kind === 'add-link') return addLink(operation.link);
  if (operation.kind === 'change-link') return changeLink(operation);
  if (isShare(operation)) return undefined;
  const words = ipWords(operation);
  return words === undefined ? undefined : [words];
}

function ipWords(operation: Operation): readonly string[] | undefined {
  if (isIpsecOperation(operation)) return xfrmWords(operation, HIDDEN_KEY);
  switch (operation.kind) {
    case 'delete-link':
      return ['link', 'delete', 'dev', operation.device];
    case 'set-mtu':
      return ['link', 'set', 'dev', operation.device, 'mtu', String(operation.mtuBytes)];
    case 'set-state':
      return ['link', 'set', 'dev', operation.device, operation.state];
    case 'set-link':
      return ['link', 'set', 'dev', operation.device, operation.name, operation.value];
    case 'set-alias':
      return ['link', 'set', 'dev', operation.device, 'alias', operation.alias];
    case 'add-address':
      return ['address', 'add', ...addressWords(operation.address), 'dev', operation.device, ...(operation.address.nodad === true ? ['nodad'] : [])];
    case 'delete-address':
      return ['address', 'delete', ...addressWords(operation.address), 'dev', operation.device];
    case 'add-route':
      return operation.route.nexthops === undefined
        ? ['route', 'add', ...routeWords(operation.route)]
        : ['route', 'append', ...nexthopWords(operation.route)];
    case 'delete-route':
      return ['route', 'delete', ...routeWords(operation.route)];
    default:
      return undefined;
  }
}

/** Words of ip-fou(8), in the order `ip fou show` has them. */
function portWords({ port, protocol, family }: FouPort): readonly string[] {
  return ['port', String(port), ...(protocol === 'gue' ? ['gue'] : ['ipproto', String(protocol)]), ...(family === 6 ? ['-6'] : [])];
}

function portNumber({ port, family }: FouPort): readonly string[] {
  return ['port', String(port), ...(family === 6 ? ['-6'] : [])];
}

/** The kernel takes no alias for a link that is being made (net/core/rtnetlink.c, rtnl_create_link), so it follows at once. */
function addLink({ device, mode, attributes, mtuBytes, alias, group = LINK_GROUP }: LinkSpec): readonly (readonly string[])[] {
  const groupWords = group === DEFAULT_GROUP ? [] : ['group', group];
  const { kind, addArguments } = modeOf(mode);
  return [
    ['link', 'add', 'name', device, 'mtu', String(mtuBytes), ...groupWords, 'type', kind, ...addArguments(attributes)],
    ...(alias === '' ? [] : [['link', 'set', 'dev', device, 'alias', alias]]),
  ];
}

/**
 * What asked in vain for the peer's Ethernet address asks anew: packets wait for the last of its three questions, one a second,
 * and are lost with it (net/core/neighbour.c, neigh_timer_handler()).
 */
function changeLink({ device, mode, from, to }: Operation & { readonly kind: 'change-link' }): readonly (readonly string[])[] {
  const { kind, isEthernet, changeArguments } = modeOf(mode);
  const changes = changeArguments(from, to).map((words) => ['link', 'change', 'dev', device, 'type', kind, ...words]);
  return isEthernet ? [...changes, ['neigh', 'flush', 'dev', device]] : changes;
}

function addressWords(address: InnerAddress): readonly string[] {
  return addressText(address).split(' ');
}

/** The kernel joins what has a gateway to the other nexthops of its slot (net/ipv6/ip6_fib.c, fib6_add_rt2node()); what has none stands beside. */
function nexthopWords(route: LinkRoute): readonly string[] {
  const { to, device, table, metric, protocol, gateway } = route;
  if (gateway === undefined) return routeWords(route);
  const nexthop = ['nexthop', 'via', gateway, 'dev', device, 'weight', String(weightOf(route))];
  return [to, 'table', String(table), 'metric', String(metric), 'proto', protocol, ...nexthop];
}

function routeWords({ to, device, table, metric, protocol, gateway, source, scope }: LinkRoute): readonly string[] {
  return [
    to,
    ...(gateway === undefined ? [] : ['via', gateway]),
    'dev',
    device,
    'table',
    String(table),
    'metric',
    String(metric),
    'proto',
    protocol,
    ...(source === undefined ? [] : ['src', source]),
    ...(scope === undefined || scope === 'global' ? [] : ['scope', scope]),
  ];
}
