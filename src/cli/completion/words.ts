import type { Command, Option } from 'commander';

/** A command as shells complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly subcommands: readonly Pick<CompletedCommand, 'name' | 'summary'>[];
  /** Words its arguments may be; without any they are files. */
  readonly words: readonly string[];
}

export interface CompletedOption {
  readonly short?: string;
  readonly long: string;
  readonly summary: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** What can be typed after the program's name, as the program itself has it. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary() === '' ? firstWords(command.description()) : command.summary(),
    options: command.options.filter(({ hidden }) => !hidden).flatMap(completedOption),
    subcommands: command.commands.map((sub) => ({ name: sub.name(), summary: firstWords(sub.description()) })),
    words: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  }));
}

function completedOption(option: Option): readonly CompletedOption[] {
  const { short, long, description, required, optional, argChoices = [] } = option;
  if (typeof long !== 'string') return [];
  return [
    {
      ...(typeof short === 'string' ? { short } : {}),
      long,
      summary: firstWords(description),
      takesValue: required || optional,
      choices: argChoices,
    },
  ];
}

/** Up to the first mark that ends a thought: menus are narrow. */
function firstWords(text: string): string {
  return text.split(/[;:(]|, /u, 1)[0]?.trim() ?? '';
}
