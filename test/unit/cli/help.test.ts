import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program.ts';

function withCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (piece) => (text += piece) }).outputHelp();
  return text;
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

const commands = withCommands(buildProgram());

describe('--help', () => {
  it.each(commands.map((command) => [fullName(command), command] as const))('of %s has an example that begins with its name', (name, command) => {
    const examples = helpOf(command).split(/^Examples?:$/m)[1] ?? '';
    expect(examples).toMatch(new RegExp(`^ {2}(?:.*[|&(] ?)?${name}\\b`, 'm'));
  });

  it('of the program has the exit statuses', () => {
    expect(helpOf(commands[0] as Command)).toMatch(/Exit status:\n +0 +done/);
  });
});
