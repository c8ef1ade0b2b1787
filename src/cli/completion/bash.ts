import type { CompletedCommand } from './words.ts';

/** For bash 4 and later: `source <(tunorch completion bash)`. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# bash completion of tunorch
_tunorch() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$cur"))
    return
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
complete -o default -F _tunorch tunorch
`;
}

/** After an option that takes a value: its choices, or what bash offers by itself, which is files. */
function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ short, long, choices }) => {
      const names = [long, ...(short === undefined ? [] : [short])].map((flag) => `'${name} ${flag}'`).join(' | ');
      return `    ${names}) ${choices.length === 0 ? '' : `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur")); `}return ;;`;
    });
}

function commandCase({ name, options, subcommands, words }: CompletedCommand): string {
  const flags = [...options.map(({ long }) => long), '--help'].join(' ');
  const others = [...subcommands.map((sub) => sub.name), ...words].join(' ');
  const rest = others === '' ? '' : `; else COMPREPLY=($(compgen -W '${others}' -- "$cur"))`;
  return `    ${name}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${flags}' -- "$cur"))${rest}; fi ;;`;
}
