import { join } from 'node:path';
import type { LabImage } from './image.ts';
import type { Lab } from './lab.ts';
import type { CablePort, GuestMachine } from './qemu.ts';
import { cablesOf, guestsOf, imageOf } from './topology.ts';

export interface MachineSpec {
  readonly lab: Lab;
  readonly guest: string;
  readonly index: number;
  /** 0 lets the kernel choose; a guest that is booted again keeps its own. */
  readonly sshPort: number;
}

/** Where everything of one guest is. */
export function guestMachine({ lab, guest, index, sshPort }: MachineSpec): GuestMachine {
  const image = imageFor(lab, guest);
  return {
    label: `${lab.name}/${guest}`,
    index,
    accelerator: lab.accelerator,
    image,
    ...(image.disk === undefined ? {} : { diskPath: join(lab.folder, `${guest}.disk`) }),
    sshPort,
    cables: cablePorts(lab, guest),
    settingsPath: join(lab.folder, `${guest}.settings`),
    consolePath: join(lab.folder, `${guest}.console`),
    qmpPath: join(lab.socketFolder, `${index}.qmp`),
  };
}

function imageFor(lab: Lab, guest: string): LabImage {
  const host = guestsOf(lab.topology).find((one) => one.name === guest);
  const image = lab.images.find(({ kind }) => host !== undefined && kind === imageOf(host));
  if (image === undefined) throw new Error(`the lab "${lab.name}" has no image for "${guest}"`);
  return image;
}

/** Socket names count the cables, since host names could make a path too long for a socket. */
function cablePorts(lab: Lab, guest: string): readonly CablePort[] {
  const ports = cablesOf(lab.topology).flatMap((ends, at) =>
    ends.flatMap((plug, end) => {
      const socket = (which: number): string => join(lab.socketFolder, `cable${at}.${which}`);
      return plug.host === guest ? [{ device: plug.device, local: socket(end), remote: socket(1 - end) }] : [];
    }),
  );
  return ports.sort((one, other) => one.device.localeCompare(other.device));
}
