import { SETTINGS_NAME } from './guest-files.ts';
import { managementNetwork } from './guest-settings.ts';
import type { LabImage } from './image.ts';

export type Accelerator = 'tcg' | 'kvm';

/** A guest's plug of a cable to another guest: the unix datagram sockets of this end and of the other. */
export interface CablePort {
  readonly device: string;
  readonly local: string;
  readonly remote: string;
}

export interface GuestMachine {
  readonly label: string;
  readonly index: number;
  readonly accelerator: Accelerator;
  readonly image: LabImage;
  /** The guest's own copy of its image's disk. */
  readonly diskPath?: string;
  /** The port of 127.0.0.1 that leads to sshd; 0 lets the kernel choose a free one. */
  readonly sshPort: number;
  readonly cables: readonly CablePort[];
  readonly settingsPath: string;
  readonly consolePath: string;
  readonly qmpPath: string;
}

/** What the host's own network device is called, in the guest and for QMP's `set_link`. */
export const MANAGEMENT_DEVICE = 'eth0';

const MEMORY_MB = 384;

/**
 * Kernel arguments. The first of them is a second of boot each under emulation: no timer checks, no calibration against a
 * slower clock, no mitigations, no cipher self-tests.
 */
const KERNEL_ARGS = [
  'tsc=reliable no_timer_check mitigations=off cryptomgr.notests nokaslr audit=0 apparmor=0',
  'i8042.noaux 8250.nr_uarts=1 console=ttyS0 quiet panic=-1',
].join(' ');

/**
 * QEMU's command line for one guest, rootless.
 *
 * `restrict=on`: the guest reaches nothing outside; only the forwarded SSH port leads in. Links are point-to-point datagram
 * sockets, one frame a datagram. A reboot ends the process, and `startGuest` starts another where the guest has a disk:
 * QEMU's own reset leaves its cache of translated code full, and the next kernel then takes minutes to unpack itself.
 */
export function qemuArgv(machine: GuestMachine): readonly string[] {
  const management = managementNetwork(machine.index);
  const forward = `hostfwd=tcp:127.0.0.1:${machine.sshPort}-${management.guest}:22`;
  const user = `user,id=${MANAGEMENT_DEVICE},restrict=on,ipv6=off,net=${management.network},host=${management.gateway},dhcpstart=${management.guest},${forward}`;
  return [
    'qemu-system-x86_64',
    ...['-name', escapeComma(machine.label), ...acceleratorArgs(machine.accelerator)],
    ...['-machine', 'q35,vmport=off,usb=off', '-m', String(MEMORY_MB), '-smp', '1'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', machine.image.kernel, '-initrd', machine.image.initrd, ...rootArgs(machine)],
    ...['-fw_cfg', `name=${SETTINGS_NAME},file=${escapeComma(machine.settingsPath)}`],
    ...['-chardev', `file,id=console,append=on,path=${escapeComma(machine.consolePath)}`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${escapeComma(machine.qmpPath)},server=on,wait=off`],
    ...['-netdev', user, ...networkCard(machine.index, 0, MANAGEMENT_DEVICE)],
    ...machine.cables.flatMap((cable, at) => ['-netdev', cableNetdev(cable), ...networkCard(machine.index, at + 1, cable.device)]),
  ];
}

function rootArgs({ diskPath, index }: GuestMachine): readonly string[] {
  if (diskPath === undefined) return ['-append', KERNEL_ARGS];
  const drive = `if=none,id=root,format=raw,discard=unmap,file=${escapeComma(diskPath)}`;
  return ['-append', `${KERNEL_ARGS} ${systemdArgs(index)}`, '-drive', drive, '-device', 'virtio-blk-pci,drive=root,addr=0x3'];
}

/** Devices keep the kernel's names, and no two guests have the MAC addresses that udev derives from one machine's identifier. */
function systemdArgs(index: number): string {
  return `net.ifnames=0 systemd.show_status=0 systemd.machine_id=${String(index + 1).padStart(32, '0')}`;
}

/** The plainest processor: what a newer one has, wide vectors and deeper page tables, takes longer to emulate than it saves. */
function acceleratorArgs(accelerator: Accelerator): readonly string[] {
  return accelerator === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'qemu64'];
}

function cableNetdev(cable: CablePort): string {
  return `dgram,id=${cable.device},local.type=unix,local.path=${escapeComma(cable.local)},remote.type=unix,remote.path=${escapeComma(cable.remote)}`;
}

/** Slots are given, since the guest names its devices eth0, eth1, … in slot order. */
function networkCard(guest: number, at: number, netdev: string): readonly string[] {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return ['-device', `virtio-net-pci,netdev=${netdev},mac=52:54:00:7c:${hex(guest)}:${hex(at)},romfile=,addr=0x${hex(at + 4)}`];
}

function escapeComma(value: string): string {
  return value.replaceAll(',', ',,');
}
