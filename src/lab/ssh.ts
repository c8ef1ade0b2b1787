import { join } from 'node:path';
import { quote, quoteAll } from '../shell/quote.ts';
import { type CommandResult, runCommand } from './command.ts';
import type { Lab, LabUser } from './lab.ts';
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
export function sshArgv(lab: Lab, guest: string, user: LabUser = 'root'): readonly string[] {
  const options = [
    `UserKnownHostsFile=${lab.knownHostsPath}`,
    ...['GlobalKnownHostsFile=none', 'StrictHostKeyChecking=yes', 'IdentitiesOnly=yes', 'IdentityAgent=none', 'LogLevel=ERROR'],
    ...['ControlMaster=auto', `ControlPath=${join(lab.socketFolder, 'ssh-%C')}`, 'ControlPersist=30'],
  ];
  const port = String(findGuest(lab, guest).port);
  return ['ssh', '-F', 'none', '-i', lab.keyPath, '-p', port, ...options.flatMap((option) => ['-o', option]), `${user}@127.0.0.1`];
}

/** Runs a command on a host of the lab; on a PC behind a router, in its namespace. */
export function labExec(lab: Lab, host: string, argv: readonly string[], options: LabExecOptions = {}): Promise<CommandResult> {
  return labScript(lab, host, quoteAll(argv), options);
}

/** Runs shell text on a host of the lab; status is the text's own, 255 when ssh failed. */
export function labScript(lab: Lab, host: string, script: string, options: LabExecOptions = {}): Promise<CommandResult> {
  const { guest, command } = commandOn(options.topology ?? lab.topology, host, script);
  const argv = [...sshArgv(lab, guest, options.user), '-o', 'BatchMode=yes', '--', command];
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
