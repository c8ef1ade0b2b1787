import type { Problem } from '../problem.ts';
import type { InventoryFile } from '../reading.ts';
import type { Located, Source } from '../source.ts';
import { childOf, type Tree } from '../tree.ts';

/** Lines of Ansible's INI form: a section, a host with variables, or a variable. No YAML that says something has only such lines. */
const INI_LINE = /^(?:\[[\w.:-]+\]|[\w.:[\]-]*[\w.\]](?:\s+\w+\s*=.*)?|\w+\s*=.*)$/;

/** Whether a file of another extension is one that Ansible would read as an inventory all the same. */
export function isForeignInventory({ path, text }: InventoryFile): boolean {
  return path.endsWith('.toml') || text.startsWith('#!') || isIni(text);
}

/** What the file is instead of YAML, where that is known; asked when it is no YAML mapping. */
export function foreignForm({ path, text }: Source): Problem | undefined {
  if (path.endsWith('.toml')) return { code: 'inventory.foreign-form', message: 'this is an inventory in TOML', hint: convertHint(path) };
  if (text.startsWith('#!')) {
    return { code: 'inventory.foreign-form', message: 'this is a program, and tunorch runs no inventory scripts', hint: listHint(path) };
  }
  return isIni(text) ? { code: 'inventory.ini-form', message: "this is an inventory in Ansible's INI form", hint: convertHint(path) } : undefined;
}

/** The settings of an inventory plugin look like YAML inventories, and name the plugin. */
export function pluginForm(root: Tree, path: string): Problem | undefined {
  const plugin = childOf(root, 'plugin');
  if (plugin?.kind !== 'scalar') return undefined;
  const message = `these are settings of Ansible's inventory plugin «${plugin.text}», not an inventory`;
  return { code: 'inventory.foreign-form', message, hint: listHint(path) };
}

/** A file that `ansible-vault encrypt` made. */
export function vaultForm({ text }: Source): Problem | undefined {
  if (!text.startsWith('$ANSIBLE_VAULT;')) return undefined;
  return {
    code: 'inventory.vault-value',
    message: 'this file is encrypted by ansible-vault, which tunorch cannot read',
    hint: 'Let Ansible decrypt it: ansible-inventory -i INVENTORY --list --ask-vault-pass | tunorch plan - tunnels.yaml',
  };
}

/** The first line that says something. */
export function firstLine(source: Source): Located {
  const start = Math.max(0, source.text.search(/^(?:#!|(?![#;]|\s*$))/m));
  const end = source.text.indexOf('\n', start);
  return { source, start, end: end === -1 ? source.text.length : end };
}

function isIni(text: string): boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^[#;]/.test(line));
  return telling.length > 0 && telling.every((line) => INI_LINE.test(line));
}

function convertHint(path: string): string {
  const stem = path.replace(/\.\w+$/, '');
  return `Convert it once: ansible-inventory -i ${path} --list --export --yaml > ${stem}${path === `${stem}.yaml` ? '-new' : ''}.yaml`;
}

function listHint(path: string): string {
  return `Let Ansible read it: ansible-inventory -i ${path} --list | tunorch plan - tunnels.yaml`;
}
