import type { InnerAddress } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { addressText } from '../plan/describe.ts';
import type { LinkRoute } from '../plan/link-route.ts';
import type { LinkSpec, Operation } from '../plan/operation.ts';
import { batchLine, quoteAll } from '../shell/quote.ts';

/** An operation as the host runs it: a line for `ip -batch`, or a line of shell. */
export type CommandLine = { readonly tool: 'ip'; readonly line: string } | { readonly tool: 'shell'; readonly line: string };

/** The one command of an operation; the shell functions it may use are those of the journal. */
export function commandOf(operation: Operation): CommandLine {
  const words = ipWords(operation);
  return words === undefined ? { tool: 'shell', line: shellLine(operation) } : { tool: 'ip', line: batchLine(words) };
}

/** How a person would type it. */
export function typedCommand(operation: Operation): string {
  switch (operation.kind) {
    case 'load-module':
      return quoteAll(['modprobe', operation.module]);
    case 'set-sysctl':
      return quoteAll(['sysctl', '-w', `${operation.path}=${operation.value}`]);
    case 'release-forwarding':
      return [`${operation.path}=0`, ...operation.keepOn.map((path) => `${path}=1`)].map((setting) => quoteAll(['sysctl', '-w', setting])).join(' && ');
    default:
      return quoteAll(['ip', ...(ipWords(operation) ?? [])]);
  }
}

function shellLine(operation: Operation): string {
  switch (operation.kind) {
    case 'load-module':
      return quoteAll(['modprobe', operation.module]);
    case 'set-sysctl':
      return quoteAll(['tunorch_sysctl', operation.path, operation.value]);
    case 'release-forwarding':
      return quoteAll(['tunorch_release', operation.mark, operation.path, ...operation.keepOn]);
    default:
      throw new Error(`${operation.kind} is a command of ip`);
  }
}

/** Words of ip-link(8), ip-address(8) and ip-route(8); names always behind `name` or `dev`, because a bare one may be taken for a keyword. */
function ipWords(operation: Operation): readonly string[] | undefined {
  switch (operation.kind) {
    case 'add-link':
      return addLink(operation.link);
    case 'change-link':
      return ['link', 'change', 'dev', operation.device, 'type', operation.mode, ...modeOf(operation.mode).changeArguments(operation.from, operation.to)];
    case 'delete-link':
      return ['link', 'delete', 'dev', operation.device];
    case 'set-mtu':
      return ['link', 'set', 'dev', operation.device, 'mtu', String(operation.mtuBytes)];
    case 'set-state':
      return ['link', 'set', 'dev', operation.device, operation.state];
    case 'set-alias':
      return ['link', 'set', 'dev', operation.device, 'alias', operation.alias];
    case 'add-address':
      return ['address', 'add', ...addressWords(operation.address), 'dev', operation.device];
    case 'delete-address':
      return ['address', 'delete', ...addressWords(operation.address), 'dev', operation.device];
    case 'add-route':
      return ['route', 'add', ...routeWords(operation.route)];
    case 'delete-route':
      return ['route', 'delete', ...routeWords(operation.route)];
    default:
      return undefined;
  }
}

function addLink({ device, mode, attributes, mtuBytes, alias }: LinkSpec): readonly string[] {
  const mark = alias === '' ? [] : ['alias', alias];
  return ['link', 'add', 'name', device, 'mtu', String(mtuBytes), ...mark, 'type', mode, ...modeOf(mode).addArguments(attributes)];
}

function addressWords(address: InnerAddress): readonly string[] {
  return addressText(address).split(' ');
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
