import { Argument, Command, Option } from 'commander';
import type { Command as RunName } from '../run/events.ts';
import { registerLab } from './commands/lab.ts';
import { registerNewcomers } from './commands/newcomers.ts';
import { registerCapture } from './commands/register-capture.ts';
import { registerWatch } from './commands/register-watch.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { InventoryFlags, PlayFlags, RunFlags } from './flags.ts';
import { agreedPlan, changing, FORMS, INVENTORY_ARGUMENT, option, planning, shard, shared } from './options.ts';

const RUNS: readonly { readonly name: Exclude<RunName, 'run' | 'undo' | 'capture'>; readonly summary: string; readonly example: string }[] = [
  {
    name: 'up',
    summary: 'create, change or repair tunnels on both ends, verify, commit; roll back both ends on failure',
    example: 'tunorch up inventory.yaml',
  },
  { name: 'down', summary: 'remove what tunorch made, on both ends', example: 'tunorch down inventory.yaml -l gre1' },
  { name: 'plan', summary: 'show what `up` would do, as a diff; change nothing', example: 'tunorch plan inventory.yaml --detailed-exitcode' },
  {
    name: 'verify',
    summary: 'check that packets cross both ways and the kernels agree with the inventory; change nothing',
    example: 'tunorch verify inventory.yaml -o json',
  },
  {
    name: 'rekey',
    summary: 'as `up`, for tunnels with ipsec: new keys take the place of those in use, and no packet is lost',
    example: 'tunorch rekey inventory.yaml',
  },
  {
    name: 'doctor',
    summary: 'why a tunnel does not work, from both ends at once: ranked causes, what was seen, and what to type; change nothing',
    example: 'tunorch doctor inventory.yaml -l gre1',
  },
];

/** The command line: names, flags and help; what a command does is loaded only when it is called. */
export function buildProgram(): Command {
  const program = new Command('tunorch')
    .description('Brings Linux kernel tunnels up on both endpoints at once, over SSH, as one transaction.')
    .version(process.env.TUNORCH_VERSION ?? '0.0.0')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `\nExamples:\n  tunorch demo\n  tunorch init && tunorch up inventory.yaml\n\nExit status:\n${Object.entries(EXIT_CODES)
        .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
        .join('\n')}`,
    );
  for (const run of RUNS) addRun(program, run);
  registerCapture(program);
  registerWatch(program);
  addPlay(program);
  addInventory(program);
  registerLab(program);
  addDemo(program);
  registerNewcomers(program);
  program
    .command('schema')
    .description('print the JSON Schema of inventories or playbooks, for editors, or of the events of -o json')
    .addArgument(new Argument('[of]', 'what it is of').choices(['inventory', 'playbook', 'events']).default('inventory'))
    .addHelpText('after', '\nExample:\n  tunorch schema > inventory.schema.json')
    .action(async (of) => (await import('./commands/schema.ts')).printSchema(of));
  return program;
}

function addRun(program: Command, { name, summary, example }: (typeof RUNS)[number]): void {
  const command = program
    .command(name)
    .description(summary)
    .argument('[inventory...]', INVENTORY_ARGUMENT)
    .addHelpText('after', `\nExample:\n  ${example}`);
  for (const one of [
    ...shared([...FORMS, 'junit', ...(name === 'verify' ? ['prometheus'] : [])]),
    shard(),
    ...(name === 'up' || name === 'down' || name === 'rekey' ? changing() : []),
    ...(name === 'down' ? [option('--unload-modules', 'then unload the modules that no tunnel of any namespace of the host needs')] : []),
    ...(name === 'up' || name === 'plan' ? planning() : []),
    ...(name === 'plan' ? [option('--out <file>', 'write the plan to a file, for `up --plan`')] : []),
    ...(name === 'up' ? [agreedPlan()] : []),
  ])
    command.addOption(one);
  command.action(async (inventories: string[], flags: RunFlags) => {
    const { runCommand } = await import('./commands/run-command.ts');
    process.exitCode = await runCommand(name, inventories, flags);
  });
}

function addPlay(program: Command): void {
  const command = program
    .command('play')
    .description('a staged roll-out: plays in order, tunnels in batches, checks, commands and what to do when something fails')
    .argument('<playbook>', 'playbook file')
    .addHelpText('after', '\nExample:\n  tunorch play playbooks/first-roll-out.yaml -i inventory.yaml --list');
  for (const one of [...shared(), ...changing(), ...playing()]) command.addOption(one);
  command.action(async (playbook: string, flags: PlayFlags) => {
    const { play } = await import('./commands/play.ts');
    process.exitCode = await play(playbook, flags);
  });
}

function playing(): readonly Option[] {
  return [
    new Option('--list', 'plays, steps and batches with their tunnels; connect to nothing'),
    option('--start-at <play>', 'begin with the play of this name or number'),
  ];
}

/** How an inventory is looked at takes nothing but where it is. */
const INVENTORY_OPTIONS = ['inventory', 'lockFile', 'color'];

function addInventory(program: Command): void {
  const command = program
    .command('inventory')
    .description('print what was resolved from the inventory, or only its problems; connect to nothing')
    .argument('[inventory...]', INVENTORY_ARGUMENT)
    .addHelpText(
      'after',
      '\nExamples:\n  tunorch inventory --graph inventory.yaml\n  tunorch verify inventory.yaml -o json | tunorch inventory inventory.yaml --format svg --health - > tunnels.svg',
    );
  for (const one of shared().filter((each) => INVENTORY_OPTIONS.includes(each.attributeName()))) command.addOption(one);
  for (const one of looking()) command.addOption(one);
  command.addOption(
    new Option('--format <form>', 'with --graph: the tunnels as a picture').choices(['svg', 'mermaid', 'dot']).implies({ graph: true }),
  );
  command.addOption(new Option('--health <file>', 'colour the picture by the events of `verify -o json`; `-` reads stdin'));
  command.action(async (inventories: string[], flags: InventoryFlags) => {
    const { showInventory } = await import('./commands/inventory.ts');
    process.exitCode = await showInventory(inventories, flags);
  });
}

/** The inventory is the demo's own, so only how it is told is open. */
const DEMO_OPTIONS = ['forks', 'timeout', 'transport', 'output', 'verbose', 'color'];

function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('boot real Linux hosts on this machine and bring a tunnel up between them: plan, up, verify, and the packets')
    .addHelpText('after', '\nExamples:\n  tunorch demo\n  tunorch demo -o text');
  for (const one of shared().filter((each) => DEMO_OPTIONS.includes(each.attributeName()))) command.addOption(one);
  command.action(async (flags: RunFlags) => {
    const { demo } = await import('./commands/demo.ts');
    process.exitCode = await demo(flags);
  });
}

/** One of them; they are no settings, so the environment does not have them. */
function looking(): readonly Option[] {
  const flags = [
    new Option('--list', 'groups, and the vars of every host, as `ansible-inventory --list` prints them; secrets as ***'),
    new Option('--host <name>', 'the vars of one host'),
    new Option('--swanctl <name>', 'the swanctl.conf of one host, for strongSwan to protect its tunnels with `ipsec` in tunorch’s place'),
    new Option('--graph', 'a tree of groups and hosts, and the tunnels'),
    new Option('--validate', 'nothing but problems'),
  ];
  return flags.map((flag) => flag.conflicts(flags.filter((other) => other !== flag).map((other) => other.attributeName())));
}
