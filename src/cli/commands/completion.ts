import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completedCommands } from '../completion/words.ts';
import { zshCompletion } from '../completion/zsh.ts';

const SHELLS: Readonly<Record<string, typeof bashCompletion>> = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Prints the completion of one shell, made from the program's own commands and options. */
export function printCompletion(program: Command, shell: string): void {
  process.stdout.write(SHELLS[shell]?.(completedCommands(program)) ?? '');
}
