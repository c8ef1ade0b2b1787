import { type KernelState, Refusal } from './fake-kernel-state.ts';

/** What `nft list table` prints of a chain that is not there. */
const NO_TABLE = 'Error: No such file or directory';

/** The `nft` program, as far as tunorch uses it: a list of tables, one table, or a script of commands that hold together or not at all. */
export function nft(state: KernelState, argv: readonly string[]): string {
  if (argv.join(' ') === 'list tables inet') return [...state.tables.keys()].map((name) => `table inet ${name}\n`).join('');
  if (argv[0] === 'list') return listing(argv[3] ?? '', state.tables);
  const tables = new Map(state.tables);
  for (const command of (argv[0] ?? '').split(/; (?=add |delete )/)) run(command, tables);
  state.tables = tables;
  return '';
}

function listing(name: string, tables: KernelState['tables']): string {
  const lines = tables.get(name);
  if (lines === undefined) throw new Refusal(NO_TABLE, 1);
  return `table inet ${name} {\n\tchain mss {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n}\n`;
}

function run(command: string, tables: Map<string, readonly string[]>): void {
  const [, verb, object, name = '', rest = ''] = /^(add|delete) (table|chain|rule) inet (\S+) ?(.*)$/.exec(command) ?? [];
  if (verb === 'delete' && !tables.has(name)) throw new Refusal(NO_TABLE, 1);
  if (verb === 'delete') tables.delete(name);
  else if (object === 'table') tables.set(name, tables.get(name) ?? []);
  else if (verb === 'add') tables.set(name, [...(tables.get(name) ?? []), written(rest)]);
  else throw new Refusal(`Error: syntax error, unexpected «${command}»`, 1);
}

/** As nft 1.0.6 lists what it was given. */
function written(rest: string): string {
  const base = /^mss \{ (.*)policy accept; \}$/.exec(rest)?.[1];
  return base === undefined
    ? rest.replace(/^mss /, '').replace('(syn|rst)', '(syn | rst)')
    : `${base.replace('priority -150', 'priority mangle')}policy accept;`;
}
