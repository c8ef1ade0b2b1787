import type { IpsecPolicy } from '../../src/domain/ipsec.ts';
import { type CommandLine, commandsOf, LINK_GROUP } from '../../src/plan/commands.ts';
import type { Operation } from '../../src/plan/operation.ts';
import { policyQuestion } from '../../src/plan/xfrm-commands.ts';
import type { Answer, FakeKernel } from './fake-kernel.ts';
import { type FakeLink, Refusal } from './fake-kernel-state.ts';

/** Runs a command as the apply script would, without a shell. */
export function runCommand(kernel: FakeKernel, { tool, line }: CommandLine): Answer {
  return tool === 'ip' ? kernel.ip(['-batch', '-'], line) : runShellLine(kernel, line);
}

/** Runs an operation of the way back, with the guards of its line: its refusal stops nothing. */
export function runInverse(kernel: FakeKernel, operation: Operation): void {
  const link = (device: string) => kernel.state.links.find((one) => one.device === device);
  if (operation.kind === 'delete-link' && !isOwned(link(operation.device), operation.alias)) return;
  if (operation.kind === 'delete-policy' && !isOfTunnel(kernel, operation.policy)) return;
  if (operation.kind === 'add-link' && link(operation.link.device) !== undefined) return;
  commandsOf(operation).every((command) => runCommand(kernel, command).status === 0);
}

/** The line asks the kernel for the policy, and greps for its reqid. */
function isOfTunnel(kernel: FakeKernel, policy: IpsecPolicy): boolean {
  return kernel.ip(policyQuestion(policy)).stdout.includes(`reqid ${policy.path?.reqid} `);
}

/** tunorch_owned: by its alias, or by its group while it has none yet. */
function isOwned(link: FakeLink | undefined, alias: string): boolean {
  const found = link?.alias ?? '';
  return found === alias || (found === '' && String(link?.group) === LINK_GROUP);
}

/** The functions of the journal, whose words never need quoting here. */
function runShellLine(kernel: FakeKernel, line: string): Answer {
  const [command = '', ...words] = line.split(' ');
  switch (command) {
    case 'modprobe':
      return kernel.modprobe(words);
    case 'nft':
      return kernel.nft([line.slice("nft '".length, -1)]);
    case 'tunorch_listen':
      return kernel.state.fouPorts.includes(words.join(' ')) ? { status: 0, stdout: '', stderr: '' } : kernel.ip(['fou', 'add', ...words]);
    case 'tunorch_call':
      return { status: 0, stdout: '', stderr: '' };
    case 'tunorch_close':
      return close(kernel, words);
    case 'tunorch_sysctl':
      return write(kernel, words[0] ?? '', words[1] ?? '');
    case 'tunorch_share':
      return share(kernel, words);
    case 'tunorch_release':
      return release(kernel, words);
    default:
      throw new Error(`not a function of the journal: ${line}`);
  }
}

function release(kernel: FakeKernel, [mark = '', path = '', ...keepOn]: readonly string[]): Answer {
  const isNeeded = kernel.state.links.some(({ alias = '' }) => alias.startsWith('tunorch:') && alias.includes(`,${mark}=0`));
  if (isNeeded) return { status: 0, stdout: '', stderr: '' };
  const answers = [
    write(kernel, path, '0'),
    ...keepOn.filter((device) => kernel.state.sysctls.has(device)).map((device) => write(kernel, device, '1')),
  ];
  return answers.at(-1) ?? { status: 0, stdout: '', stderr: '' };
}

function share(kernel: FakeKernel, [verb, to = '', table = '', metric = '', proto = '', own = '', ...said]: readonly string[]): Answer {
  const place = ['table', table, 'metric', metric, 'proto', proto];
  const present = kernel.state.routes.filter(
    (route) => route.to === to && String(route.table) === table && String(route.metric) === metric && route.protocol === proto,
  );
  const others = present.filter(({ device, isDead }) => device !== own && isDead !== true);
  const weightOf = (device: string) => (said.includes(device) ? (said[said.indexOf(device) + 1] ?? '') : '1');
  const ways = others.map(({ device, weight }) => ({ device, weight: weight !== undefined ? String(weight) : weightOf(device) }));
  const all = verb === 'join' ? [...ways, { device: own, weight: weightOf(own) }] : ways;
  const [only] = all;
  const change = present.length === 0 ? 'add' : 'replace';
  if (only === undefined) return present.length === 0 ? { status: 0, stdout: '', stderr: '' } : kernel.ip(['route', 'delete', to, ...place]);
  if (all.length === 1) return kernel.ip(['route', change, to, 'dev', only.device, ...place]);
  return kernel.ip(['route', change, to, ...place, ...all.flatMap(({ device, weight }) => ['nexthop', 'dev', device, 'weight', weight])]);
}

function close(kernel: FakeKernel, [mark = '', ...words]: readonly string[]): Answer {
  const isNeeded = kernel.state.links.some(({ alias = '' }) => alias.startsWith('tunorch:') && alias.split(',').includes(mark));
  return isNeeded ? { status: 0, stdout: '', stderr: '' } : kernel.ip(['fou', 'del', ...words]);
}

function write(kernel: FakeKernel, path: string, value: string): Answer {
  try {
    kernel.writeSysctl(path, value);
    return { status: 0, stdout: '', stderr: '' };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { status: refusal.status, stdout: '', stderr: `${refusal.message}\n` };
  }
}
