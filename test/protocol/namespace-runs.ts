import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recap, RunEvent } from '../../src/run/events.ts';
import { type Namespaces, problemsIn } from './namespaces.ts';

export const PROGRAM = join(import.meta.dirname, '../../dist/tunorch.js');

/** Slow machines have many sshd to start and tunnels to make. */
export const PATIENCE_MS = 20 * 60_000;

/** What makes an inventory reach the hosts and no others: ansible_ssh_common_args. */
export function sshArguments({ knownHosts, key }: Namespaces): string {
  return `-o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes -i ${key} -F /dev/null`;
}

/** An inventory of these hosts with what is declared on them; by default of all. */
export function writeInventory(hosts: Namespaces, declarations: string, names = hosts.names): string {
  const path = join(hosts.folder, 'inventory.yaml');
  const list = names.map((host) => `    ${host}: { ansible_host: ${hosts.address(host)} }\n`).join('');
  writeFileSync(path, `all:\n  vars: { ansible_user: root, ansible_ssh_common_args: "${sshArguments(hosts)}" }\n  hosts:\n${list}${declarations}\n`);
  return path;
}

/** How a run from the router ended. */
export interface NamespaceRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
  /** What became of the tunnels, in the order of the inventory. */
  readonly outcomes: readonly string[];
  /** What went wrong, for the message of a test that fails. */
  readonly words: string;
}

/** Runs the built program with `-o json` where all hosts are reached. */
export function runOnRouter(hosts: Namespaces, ...words: readonly string[]): NamespaceRun {
  const flags = ['-o', 'json', '--timeout', '120', ...(['up', 'down', 'play'].includes(words[0] ?? '') ? ['--deadline', '600'] : [])];
  const { status, stdout, stderr } = hosts.on('router', process.execPath, PROGRAM, ...words, ...flags);
  const events: readonly RunEvent[] = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const recap: Recap | undefined = events.find((event) => event.type === 'run-finished')?.recap;
  const outcomes = (recap?.tunnels ?? []).map(({ outcome }) => outcome);
  return { status, stdout, stderr, events, outcomes, words: [...new Set([...problemsIn(events), stderr])].join('\n') };
}

/** The same without `-o json`, for commands that have no events. */
export function tunorchOnRouter(hosts: Namespaces, ...words: readonly string[]) {
  return hosts.on('router', 'env', `HOME=${hosts.folder}`, process.execPath, PROGRAM, ...words);
}
