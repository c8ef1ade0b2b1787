import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { modes } from '../../modes/index.ts';

/** Adds what somebody new begins with; what a command does is loaded only when it is called. */
export function registerNewcomers(program: Command): void {
  program
    .command('init')
    .description('write a first inventory; asks on a terminal for what no flag says, and never overwrites a file')
    .argument('[file]', 'where to write it', 'inventory.yaml')
    .option('--end <words>', 'NAME[,host=ADDRESS][,port=NUMBER][,user=NAME][,local=OUTER][,network=SUBNET]…: one of the two hosts', collect)
    .option('--mode <mode>', `one of ${[...modes.keys()].join(', ')}`)
    .option('--name <name>', 'of the tunnel and its devices')
    .option('--key <number>', 'of both directions', wholeNumber)
    .option('--inner <subnet>', 'whose first two addresses the ends get')
    .addHelpText(
      'after',
      '\nExample:\n  tunorch init --end router-a,network=10.1.1.0/24 --end router-b,network=10.2.1.0/24 --mode gre --inner 10.10.10.0/30',
    )
    .action(async (file, flags) => {
      const { initInventory } = await import('./init.ts');
      process.exitCode = await initInventory(file, flags);
    });
  program
    .command('adopt')
    .description('print an inventory for the tunnels that two hosts have between them already; change nothing')
    .argument('<host>', 'as for ssh')
    .argument('<peer>', 'as for ssh')
    .option('-u, --user <name>', 'log in as this user')
    .option('-b, --become', 'become root by sudo')
    .option('-k, --ask-pass', 'ask for the login password')
    .option('-K, --ask-become-pass', 'ask for the password of sudo')
    .option('--private-key <file>', 'log in with this key')
    .option('--timeout <seconds>', 'give a connection up after this long', wholeNumber, 10)
    .addOption(new Option('--transport <name>', 'how to reach the hosts').choices(['auto', 'ssh2', 'openssh'] as const).default('auto' as const))
    .addHelpText('after', '\nExample:\n  tunorch adopt router-a router-b > inventory.yaml && tunorch plan --adopt inventory.yaml')
    .action(async (host, peer, flags) => {
      const { adoptTunnels } = await import('./adopt.ts');
      process.exitCode = await adoptTunnels([host, peer], { ...flags, verbose: 0 });
    });
  program
    .command('completion')
    .description('print what makes a shell complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', '\nExamples:\n  source <(tunorch completion bash)\n  source <(tunorch completion zsh)\n  tunorch completion fish | source')
    .action(async (shell) => {
      const { printCompletion } = await import('./completion.ts');
      printCompletion(program, shell);
    });
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}
