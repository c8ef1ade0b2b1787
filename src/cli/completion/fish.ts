import type { CompletedCommand, CompletedOption } from './words.ts';

/** For fish: `tunorch completion fish | source`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# fish completion of tunorch
complete -c tunorch -n __fish_use_subcommand -f
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, summary, options, subcommands, words }: CompletedCommand): readonly string[] {
  const isIn = `-n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c tunorch -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...subcommands.map((sub) => `complete -c tunorch ${isIn} -f -a ${sub.name} -d ${quoted(sub.summary)}`),
    ...words.map((word) => `complete -c tunorch ${isIn} -f -a ${word}`),
    ...options.map((option) => `complete -c tunorch ${isIn} ${optionWords(option)}`),
  ];
}

function optionWords({ short, long, summary, takesValue, choices }: CompletedOption): string {
  const value = !takesValue ? [] : choices.length === 0 ? ['-r'] : ['-x', '-a', quoted(choices.join(' '))];
  return [
    `-l ${long.replace(/^--/u, '')}`,
    ...(short === undefined ? [] : [`-s ${short.replace(/^-/u, '')}`]),
    `-d ${quoted(summary)}`,
    ...value,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
