import { inject } from 'vitest';
import type { CommandResult } from '../../../src/lab/command.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { openLab } from '../../../src/lab/lab-state.ts';
import { type LabExecOptions, labScript } from '../../../src/lab/ssh.ts';
import { type Stage, stageScript, stageTopology } from '../../../src/lab/stage.ts';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';
import { askForLab } from './labs-on-demand.ts';

/** The lab that all e2e files share: guests host-a, host-b and router. Its links have no addresses until `stage`. */
export function sharedLab(): Promise<Lab> {
  return labOnDemand('everything');
}

/** Whoever asks first waits for its boot. */
async function labOnDemand(topologyName: string): Promise<Lab> {
  return openLab(await askForLab(inject('labsSocket'), topologyName));
}

/** Runs shell text on a guest, by the guest's own name. */
export async function exec(guest: string, script: string, options: LabExecOptions = {}): Promise<CommandResult> {
  return labScript(await sharedLab(), guest, script, options);
}

/** A topology on the shared guests; everything in the topology's own names. */
export interface Scene extends Stage {
  exec(host: string, script: string, options?: LabExecOptions): Promise<CommandResult>;
}

/** Resets the shared guests and gives them a topology's addresses; its inventory is `inventoryPath`. */
export async function stage(topologyName: string): Promise<Scene> {
  return stageOn(await sharedLab(), topologyName);
}

/** The same on two Debian servers with systemd: `server-a` and `server-b`, which keep their disks over a reboot. */
export async function stageSystemd(): Promise<Scene> {
  return stageOn(await labOnDemand('systemd-pair'), 'systemd-pair');
}

async function stageOn(lab: Lab, topologyName: string): Promise<Scene> {
  const topology = TOPOLOGIES.get(topologyName);
  if (topology === undefined) throw new Error(`there is no topology "${topologyName}"`);
  const staged = await stageTopology(lab, topology);
  return { ...staged, exec: (host, script, options) => stageScript(staged, host, script, options) };
}
