import { join } from 'node:path';
import { quote, quoteAll } from '../shell/quote.ts';
import { type CommandResult, runCommand } from './command.ts';
import type { Guest, Lab, LabUser } from './lab.ts';
import { findGuest } from './lab-inventory.ts';
import { guestOf, type Topology } from './topology.ts';

export interface LabExecOptions {
  readonly user?: LabUser;
  readonly stdin?: string;
  readonly timeoutMs?: number;
  /** Whose hosts the name is one of, when another topology was laid over the lab. */
  readonly topology?: Topology;
}

/** ssh's command line to a guest, without a command; nothing of the user's own ssh settings takes part. */
export function sshArgv(lab: Lab, guest: string, user: string): readonly string[] {
  const knownHosts = [`UserKnownHostsFile=${lab.knownHostsPath}`, 'GlobalKnownHostsFile=none', 'StrictHostKeyChecking=yes'];
  const options = [...knownHosts, 'IdentitiesOnly=yes', 'IdentityAgent=none', 'LogLevel=ERROR'];
  const port = String(findGuest(lab, guest).port);
  return ['ssh', '-F', 'none', '-i', lab.keyPath, '-p', port, ...options.flatMap((option) => ['-o', option]), '-l', user];
}

/** What the names of a guest's shared connections begin with. */
export function masterPrefix({ port }: Pick<Guest, 'port'>): string {
  return `ssh-${port}-`;
}

/** Commands of one process share a connection a user and guest; it is closed when unused for half a minute, or the lab ends. */
function sharedConnection(lab: Lab, guest: string): readonly string[] {
  return ['ControlMaster=auto', `ControlPath=${join(lab.socketFolder, `${masterPrefix(findGuest(lab, guest))}%r`)}`, 'ControlPersist=30'].flatMap(
    (option) => ['-o', option],
  );
}

/** ssh's command line for a person at a terminal: a shell on the host, or a command. */
export function interactiveArgv(lab: Lab, host: string, what: { readonly user: string; readonly command?: readonly string[] }): readonly string[] {
  const script = what.command === undefined ? 'exec "${SHELL:-/bin/sh}" -l' : quoteAll(what.command);
  const { guest, command } = commandOn(lab.topology, host, script);
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ['-t'] : [];
  return [...sshArgv(lab, guest, what.user), ...terminal, '127.0.0.1', '--', command];
}

/** Runs a command on a host of the lab; on a PC behind a router, in its namespace. */
export function labExec(lab: Lab, host: string, argv: readonly string[], options: LabExecOptions = {}): Promise<CommandResult> {
  return labScript(lab, host, quoteAll(argv), options);
}

/** Runs shell text on a host of the lab; status is the text's own, 255 when ssh failed. */
export function labScript(lab: Lab, host: string, script: string, options: LabExecOptions = {}): Promise<CommandResult> {
  const { guest, command } = commandOn(options.topology ?? lab.topology, host, script);
  const argv = [...sshArgv(lab, guest, options.user ?? 'root'), ...sharedConnection(lab, guest), '-o', 'BatchMode=yes', '127.0.0.1', '--', command];
  const { stdin, timeoutMs } = options;
  return runCommand(argv, { ...(stdin === undefined ? {} : { stdin }), ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

/** What to run on which guest, so that the script runs on that host. */
export function commandOn(topology: Topology, host: string, script: string): { readonly guest: string; readonly command: string } {
  const guest = guestOf(topology, host);
  if (guest === undefined)
    throw new Error(`the topology "${topology.name}" has no host "${host}": ${topology.hosts.map((one) => one.name).join(', ')}`);
  const text = `PATH=/usr/sbin:/usr/bin:/sbin:/bin\n${script}`;
  return { guest, command: guest === host ? text : `/usr/sbin/ip netns exec ${quote(host)} sh -c ${quote(text)}` };
}
