import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Command as RunName } from '../run/events.ts';
import type { Shard } from '../run/shard.ts';
import { registerLab } from './commands/lab.ts';
import { registerNewcomers } from './commands/newcomers.ts';
import { registerWatch } from './commands/register-watch.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { CaptureFlags, InventoryFlags, PlayFlags, RunFlags } from './flags.ts';

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

const INVENTORY_ARGUMENT = 'inventory files or folders in Ansible’s YAML form; `-` reads stdin';

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
  addCapture(program);
  registerWatch(program, { argument: INVENTORY_ARGUMENT, options: [...shared(), shard(), ...changing().filter(isForHealing)], option, atLeastOne });
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

function addCapture(program: Command): void {
  const command = program
    .command('capture')
    .description('the packets of a tunnel at both its ends, side by side, decoded from the outer header to the inner; change nothing')
    .argument('<tunnel...>', 'names of tunnels, or patterns')
    .addHelpText(
      'after',
      `
Listens with tcpdump on both hosts, sends a few numbered pings through the tunnel each way, and shows what left and what came. Exits 1 where nothing
came or nothing was answered, 4 where no host can listen. Nothing is left on the hosts.

Examples:
  tunorch capture gre1 -i inventory.yaml
  tunorch capture gre1 -i inventory.yaml --passive --duration 30 -w gre1     # gre1-router-a.pcap and gre1-router-b.pcap, for Wireshark
  tunorch capture gre1 -i inventory.yaml -o json | jq 'select(.type == "packet").packet'`,
    );
  for (const one of [...shared().filter((each) => !['limit', 'tags'].includes(each.attributeName())), ...capturing()]) command.addOption(one);
  command.action(async (tunnels: string[], flags: CaptureFlags) => {
    const { capture } = await import('./commands/capture.ts');
    process.exitCode = await capture(tunnels, flags);
  });
}

function capturing(): readonly Option[] {
  return [
    option('--pings <number>', 'echo requests each way').default(3).argParser(atLeastOne),
    option('--passive', 'send nothing: show what passes by itself').conflicts('pings'),
    option('--duration <seconds>', 'how long to listen with --passive').default(10).argParser(atLeastOne),
    option('--count <packets>', 'keep at most so many of each host').default(1000).argParser(readCount),
    new Option('-w, --write <prefix>', 'write what each host saw to PREFIX-HOST.pcap, with several tunnels PREFIX-TUNNEL-HOST.pcap'),
  ];
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

const FORMS = ['tui', 'text', 'json'];

function shared(forms: readonly string[] = FORMS): readonly Option[] {
  return [
    option('-i, --inventory <path...>', 'inventory file or folder; the same as naming it as an argument'),
    option('--lock-file <file>', 'where meshes keep what their tunnels were given; left out: INVENTORY.lock.yaml beside the file of each mesh'),
    option('-l, --limit <pattern>', 'only tunnels whose name, or one of whose hosts, matches (Ansible’s pattern language)'),
    option('-t, --tags <tags>', 'only tunnels with one of these tags, separated by commas'),
    option('-f, --forks <number>', 'hosts worked on at once').default(50).argParser(atLeastOne),
    option('-u, --user <name>', 'log in as this user, where the inventory names none'),
    option('-k, --ask-pass', 'ask for the login password'),
    option('-K, --ask-become-pass', 'ask for the password of sudo, doas or su, once for all hosts'),
    option('--private-key <file>', 'log in with this key, where the inventory names none'),
    option('--timeout <seconds>', 'give a connection up after this long').default(10).argParser(atLeastOne),
    option('--transport <name>', 'reach hosts by ssh2, by the system’s ssh, or by what each host’s SSH configuration needs')
      .choices(['auto', 'ssh2', 'openssh'])
      .default('auto'),
    option('-o, --output <form>', 'how the run is told; left out: a screen on a terminal, else text').choices(forms),
    option('-v, --verbose', 'tell phases; twice: steps too')
      .default(0)
      .argParser((_, count: number) => count + 1),
    option('--no-color', 'no colours; NO_COLOR is honoured too'),
  ];
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

function planning(): readonly Option[] {
  return [
    option('--detailed-exitcode', 'exit 2 where changes are pending (with plan or --check)'),
    option('--prune', 'remove tunnels that tunorch made and the inventory does not have any more'),
    option('--adopt', 'take over a device of the right name that tunorch did not make'),
  ];
}

function changing(): readonly Option[] {
  return [
    option('-y, --yes', 'do not ask before removing tunnels'),
    option('-C, --check', 'show what would be done, change nothing'),
    option('-D, --diff', 'show each change'),
    option('--lock-wait <seconds>', 'wait this long for hosts another run holds').default(0).argParser(Number),
    option('--no-rollback', 'leave a tunnel that failed as it is, for somebody to look at; the commands that undo it are printed'),
    option('--deadline <seconds>', 'how long a host waits for the commit before it rolls itself back (default: expected time + 60)').argParser(
      atLeastOne,
    ),
  ];
}

/** How a repair goes: nobody is asked, and what fails is always rolled back. */
function isForHealing(one: Option): boolean {
  return one.long === '--lock-wait' || one.long === '--deadline';
}

function shard(): Option {
  return option('--shard <I/N>', 'only the I-th of N parts of the tunnels; no host is in two of them').argParser(readShard).conflicts('prune');
}

function agreedPlan(): Option {
  return option('--plan <file>', 'do what `plan --out` wrote, or nothing where the hosts are not as they were').conflicts([
    'limit',
    'tags',
    'shard',
    'adopt',
    'prune',
  ]);
}

function readShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new InvalidArgumentError('It must be I/N with I from 1 to N, such as 2/5.');
  return { index, count };
}

/** Every flag can be set as TUNORCH_… too. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  const words = made.attributeName().replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return made.env(`TUNORCH_${made.negate ? 'NO_' : ''}${words.toUpperCase()}`);
}

/** What a host is made to keep in its memory and to send. */
const MOST_PACKETS = 20_000;

function readCount(text: string): number {
  const count = atLeastOne(text);
  if (count > MOST_PACKETS) throw new InvalidArgumentError(`It must be ${MOST_PACKETS} or less.`);
  return count;
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}
