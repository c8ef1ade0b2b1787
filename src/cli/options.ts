import { InvalidArgumentError, Option } from 'commander';
import type { Shard } from '../run/shard.ts';

export const INVENTORY_ARGUMENT = 'inventory files or folders in Ansible’s YAML form; `-` reads stdin';

export const FORMS = ['tui', 'text', 'json'];

/** What every command has that works with hosts. */
export function shared(forms: readonly string[] = FORMS): readonly Option[] {
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

export function planning(): readonly Option[] {
  return [
    option('--detailed-exitcode', 'exit 2 where changes are pending (with plan or --check)'),
    option('--prune', 'remove tunnels that tunorch made and the inventory does not have any more'),
    option('--adopt', 'take over a device of the right name that tunorch did not make'),
  ];
}

export function changing(): readonly Option[] {
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

export function shard(): Option {
  return option('--shard <I/N>', 'only the I-th of N parts of the tunnels; no host is in two of them').argParser(readShard).conflicts('prune');
}

export function agreedPlan(): Option {
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
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  const words = made.attributeName().replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return made.env(`TUNORCH_${made.negate ? 'NO_' : ''}${words.toUpperCase()}`);
}

export function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}
