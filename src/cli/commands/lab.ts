import type { Command } from 'commander';

const TOPOLOGIES_HELP = `
Topologies:
  two-hosts     two hosts on one link
  site-to-site  two routers, a PC (pc1, pc2) behind each
  routed        two hosts with a router between them
  nat           a masquerading router hides one of the hosts
  http, same-subnet, two-subnets   two hosts with other addresses
  systemd-pair  two Debian servers with systemd and its network managers; they keep their disks
  everything    the cables of all the others, without addresses

Example:
  tunorch lab up site-to-site
  tunorch lab exec site-to-site pc1 -- ping -c 3 10.2.1.2
  tunorch lab down site-to-site`;

/**
 * Adds `lab` and its commands; what they do is loaded only when one is called.
 *
 * Options come before what they are for, so that those after the host belong to the command run there.
 */
export function registerLab(program: Command): void {
  const lab = program
    .enablePositionalOptions()
    .command('lab')
    .description('run real Linux hosts on this machine to try tunnels on: QEMU guests, no root and no network needed')
    .enablePositionalOptions()
    .addHelpText('after', TOPOLOGIES_HELP);
  lab
    .command('up')
    .description('boot a topology and print its inventory’s path; the guests run until `lab down`')
    .argument('<topology>')
    .addHelpText('after', '\nExample:\n  tunorch up $(tunorch lab up site-to-site)')
    .action(async (topology: string) => finish((await actions()).up(topology)));
  lab
    .command('down')
    .description('end a topology’s guests; without a name, those of all')
    .argument('[topology]')
    .addHelpText('after', '\nExamples:\n  tunorch lab down site-to-site\n  tunorch lab down')
    .action(async (topology?: string) => finish((await actions()).down(topology)));
  lab
    .command('status')
    .description('list the labs that are up, their hosts and ports')
    .addHelpText('after', '\nExample:\n  tunorch lab status')
    .action(async () => finish((await actions()).status()));
  lab
    .command('ssh-config')
    .description('print lines for ~/.ssh/config, by which ssh and tunorch reach the hosts of a running topology by their names')
    .argument('<topology>')
    .addHelpText('after', '\nExample:\n  tunorch lab ssh-config site-to-site >> ~/.ssh/config && ssh router-a')
    .action(async (topology: string) => finish((await actions()).sshConfig(topology)));
  lab
    .command('ssh')
    .description('log in to a host of a running topology')
    .argument('<topology>')
    .argument('<host>')
    .option('-u, --user <name>', 'root, ops, deploy or plain', 'root')
    .addHelpText('after', '\nExample:\n  tunorch lab ssh site-to-site router-a')
    .action(async (topology: string, host: string, { user }: { user: string }) => finish((await actions()).ssh({ topology, host, user })));
  lab
    .command('exec')
    .description('run a command on a host of a running topology, with its exit status')
    .argument('<topology>')
    .argument('<host>')
    .argument('<command...>')
    .option('-u, --user <name>', 'root, ops, deploy or plain', 'root')
    .addHelpText('after', '\nExample:\n  tunorch lab exec site-to-site pc1 -- ping -c 3 10.2.1.2')
    .passThroughOptions()
    .action(async (topology: string, host: string, command: string[], { user }: { user: string }) =>
      finish((await actions()).exec({ topology, host, user, command: command[0] === '--' ? command.slice(1) : command })),
    );
}

async function actions(): Promise<typeof import('./lab-actions.ts')> {
  return import('./lab-actions.ts');
}

async function finish(status: Promise<number>): Promise<void> {
  process.exitCode = await status;
}
