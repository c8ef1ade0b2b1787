import { checkSchema } from '../check-schema.ts';
import { checkTexts } from '../check-texts.ts';
import type { Report } from '../problem.ts';
import type { InventoryFile } from '../reading.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import { type InventoryPart, inventoryParts, varsFileOf, varsPart } from './part.ts';
import { type Roster, RosterBuilder } from './roster.ts';

export interface RosterReading {
  readonly roster: Roster;
  /** In the order of the files; those that are no YAML are left out. */
  readonly inventories: readonly InventoryPart[];
  /** Whether every file could be read, so that a name nobody knows is really unknown. */
  readonly isWhole: boolean;
}

/** Hosts, groups and their vars of all files; as in Ansible, files in group_vars/ and host_vars/ for unknown names are not even opened. */
export function readRoster(files: readonly InventoryFile[], report: Report): RosterReading {
  const read = (file: InventoryFile) => readParts(file, report);
  const inventories = files.filter(({ path }) => varsFileOf(path) === undefined).map(read);
  const builder = new RosterBuilder(report);
  for (const part of inventories.flat()) if (part !== undefined) builder.addInventory(part);
  builder.complete();
  const vars = files.filter((file) => isOfSomebody(file, builder)).map(read);
  for (const part of vars.flat()) if (part !== undefined) builder.addVars(part);
  return {
    roster: builder.build(),
    inventories: inventories.flatMap((parts) => parts ?? []),
    isWhole: [...inventories, ...vars].every((parts) => parts !== undefined),
  };
}

function isOfSomebody({ path }: InventoryFile, builder: RosterBuilder): boolean {
  const owner = varsFileOf(path);
  return owner !== undefined && builder.has(owner);
}

/** Undefined for a file that is no YAML; else its shape was judged. */
function readParts(file: InventoryFile, report: Report): readonly InventoryPart[] | undefined {
  const tree = parseYaml(file, report);
  if (tree === undefined) return undefined;
  const owner = varsFileOf(file.path);
  const parts = owner === undefined ? inventoryParts(tree) : [varsPart(owner, tree)];
  for (const { root } of parts) {
    checkTexts(root, report);
    checkSchema(root, report);
  }
  return parts;
}
