import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressingScript } from './addressing.ts';
import type { CommandResult } from './command.ts';
import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { inventoryText } from './lab-inventory.ts';
import { place } from './placement.ts';
import { resetScript } from './reset.ts';
import { type LabExecOptions, labScript } from './ssh.ts';
import type { Topology } from './topology.ts';

/** A topology that guests of a lab play at the moment. */
export interface Stage {
  readonly lab: Lab;
  /** In the names of the lab's guests and their devices. */
  readonly topology: Topology;
  /** The guest of each host that the topology itself calls otherwise, like router-a. */
  readonly guestFor: Readonly<Record<string, string>>;
  /** An inventory in the topology's own names, with its tunnels. */
  readonly inventoryPath: string;
}

/** Brings every guest's network back to what it was right after boot; one SSH command a guest. */
export async function resetLab(lab: Lab): Promise<void> {
  await onGuests(lab, () => resetScript);
}

/**
 * Resets all guests and gives them a topology's namespaces, addresses, routes and filters, in one SSH command a guest.
 *
 * @throws LabError - a guest's own words about what it could not do
 */
export async function stageTopology(lab: Lab, topology: Topology): Promise<Stage> {
  const { placed, guestFor } = place(topology, lab.topology);
  await onGuests(lab, (guest) => `${resetScript}\nset -e\n${addressingScript(placed, guest)}`);
  const inventoryPath = join(lab.folder, `${topology.name}.yaml`);
  await writeFile(inventoryPath, inventoryText({ lab, topology, guestFor }));
  return { lab, topology: placed, guestFor, inventoryPath };
}

async function onGuests(lab: Lab, scriptOf: (guest: string) => string): Promise<void> {
  const results = await Promise.all(lab.guests.map((guest) => labScript(lab, guest.name, scriptOf(guest.name))));
  const failures = results.flatMap((result, at) => (result.status === 0 ? [] : [`${lab.guests[at]?.name}: ${result.stderr.trim()}`]));
  if (failures.length > 0) throw new LabError(failures.join('\n'));
}

/** Runs shell text on a host of the stage, by the topology's own name for it. */
export function stageScript(stage: Stage, host: string, script: string, options: LabExecOptions = {}): Promise<CommandResult> {
  return labScript(stage.lab, stage.guestFor[host] ?? host, script, { ...options, topology: stage.topology });
}
