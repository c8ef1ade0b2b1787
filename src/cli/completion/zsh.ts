import type { CompletedCommand, CompletedOption } from './words.ts';

/** For zsh, after `compinit`: `source <(tunorch completion zsh)`, or a file `_tunorch` in a folder of $fpath. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef tunorch
_tunorch() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${escaped(summary)}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map(commandCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = _tunorch ]; then _tunorch "$@"; else compdef _tunorch tunorch; fi
`;
}

function commandCase({ name, options, subcommands, words }: CompletedCommand): string {
  const others = [...subcommands.map((sub) => sub.name), ...words];
  const rest = others.length === 0 ? '*:file:_files' : `*:word:(${others.join(' ')})`;
  const specs = [...options.flatMap(optionSpecs), quoted('--help[tell how]'), quoted(rest)];
  return `    ${name}) shift words; ((CURRENT--)); _arguments -s ${specs.join(' ')} ;;`;
}

function optionSpecs({ short, long, summary, takesValue, choices }: CompletedOption): readonly string[] {
  const value = !takesValue ? '' : `:value:${choices.length === 0 ? '_files' : `(${choices.join(' ')})`}`;
  return [long, ...(short === undefined ? [] : [short])].map((flag) => quoted(`*${flag}[${escaped(summary)}]${value}`));
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/gu, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
