import { spawn } from 'node:child_process';
import { LabError } from '../../lab/lab-error.ts';
import { labDown, labStatus, openLab } from '../../lab/lab-state.ts';
import { labUp } from '../../lab/lab-up.ts';
import { interactiveArgv } from '../../lab/ssh.ts';
import { sshConfigText } from '../../lab/ssh-config.ts';
import { TOPOLOGIES } from '../../lab/topologies.ts';
import { quoteAll } from '../../shell/quote.ts';
import { INPUT_WRONG } from '../exit-codes.ts';

const HOST_FAILED = 4;

/** A host of a running lab, and who to be there. */
export interface LabTarget {
  readonly topology: string;
  readonly host: string;
  readonly user: string;
  /** Absent: a login shell. */
  readonly command?: readonly string[];
}

/** Boots a topology and leaves it running; stdout has the inventory's path alone, for use in `$(…)`. */
export async function up(name: string): Promise<number> {
  const topology = TOPOLOGIES.get(name);
  if (topology === undefined) return refuse(`There is no topology "${name}". Topologies: ${[...TOPOLOGIES.keys()].join(', ')}.`);
  return reported(async () => {
    const lab = await labUp(topology, { lifetime: 'detached', onProgress: tell });
    process.stdout.write(`${lab.inventoryPath}\n`);
    const next = topology.tunnels === undefined ? `tunorch lab status` : `tunorch up ${lab.inventoryPath}`;
    const look =
      topology.tryOut === undefined ? '' : `\nthen:  tunorch lab exec ${name} ${topology.tryOut.host} -- ${quoteAll(topology.tryOut.argv)}`;
    tell(`\nnext:  ${next}${look}\nend:   tunorch lab down ${name}`);
    return 0;
  });
}

/** Ends one lab, or all that `lab up` started; those of test runs end with their run. */
export async function down(name: string | undefined): Promise<number> {
  return reported(async () => {
    const names = name === undefined ? (await labStatus()).filter(({ lab }) => lab.lifetime === 'detached').map(({ lab }) => lab.name) : [name];
    for (const one of names) tell((await labDown(one)) ? `${one} is down` : `No lab "${one}" is up`);
    return 0;
  });
}

/** One line a host, tab separated: lab, host, state, ssh port, pid; then the inventory's path in a line of its own. */
export async function status(): Promise<number> {
  return reported(async () => {
    const labs = await labStatus();
    if (labs.length === 0) tell('No lab is up. Start one: tunorch lab up two-hosts');
    for (const { lab, running } of labs) {
      const lines = lab.guests.map((guest) =>
        [lab.name, guest.name, running.includes(guest.name) ? 'up' : 'ended', guest.port, guest.pid].join('\t'),
      );
      process.stdout.write(`${lines.join('\n')}\n${lab.name}\tinventory\t${lab.inventoryPath}\n`);
    }
    return 0;
  });
}

/** Prints what makes `ssh router-a` lead to the lab's router-a. */
export async function sshConfig(name: string): Promise<number> {
  return reported(async () => {
    const lab = await openLab(name);
    process.stdout.write(sshConfigText({ lab, topology: lab.topology }));
    return 0;
  });
}

/** Logs in to a host with this terminal. */
export async function ssh(target: LabTarget): Promise<number> {
  return exec(target);
}

/** Runs a command on a host, with this process's own stdin, stdout and stderr. */
export async function exec({ topology, host, user, command }: LabTarget): Promise<number> {
  return reported(async () => {
    const lab = await openLab(topology);
    const known = lab.topology.hosts.map((one) => one.name);
    if (!known.includes(host)) return refuse(`The lab "${topology}" has no host "${host}". Hosts: ${known.join(', ')}.`);
    return runAttached(interactiveArgv(lab, host, { user, ...(command === undefined ? {} : { command }) }));
  });
}

function runAttached(argv: readonly string[]): Promise<number> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? HOST_FAILED));
  });
}

export async function reported(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    tell(error.message);
    return HOST_FAILED;
  }
}

function refuse(message: string): number {
  tell(message);
  return INPUT_WRONG;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
