import { READY_LINE, SETTINGS_NAME, sshdConfig } from './guest-files.ts';
import { BASELINE_FOLDER, baselineScript } from './reset.ts';

/** While this file is there, the guest's links are left to the network manager that it was given. */
const OWN_UNDERLAY = '/etc/lab/own-underlay';

/** What a fresh image has; files newer than this were made by somebody's test. */
const IMAGE_STAMP = '/etc/lab/image';

/** The initramfs: loads the disk's drivers and hands over to the root on it. `modules` has their paths in order. */
export const diskInit = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
while read -r module; do /bin/busybox insmod "/$module"; done < /modules
until [ -b /dev/vda ]; do /bin/busybox sleep 0.05; done
/bin/busybox mount -t ext4 -o noatime /dev/vda /disk
/bin/busybox mount --move /dev /disk/dev
exec /bin/busybox switch_root /disk /sbin/init
`;

/** Gives a guest its own settings at each boot, before anything of the network starts; udev may not have found its links by then. */
export const labStart = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
mkdir -p /run/netns ${BASELINE_FOLDER}
modprobe -a qemu_fw_cfg virtio_net
cp /sys/firmware/qemu_fw_cfg/by_name/${SETTINGS_NAME}/raw /run/lab/settings
chmod 600 /run/lab/settings
. /run/lab/settings
lab_management
${baselineScript}
touch -r ${IMAGE_STAMP} ${BASELINE_FOLDER}/booted
[ -e ${OWN_UNDERLAY} ] || lab_addressing || echo 'tunorch-lab: addressing failed' > /dev/console
`;

export const labStartUnit = `[Unit]
Description=The lab's own settings of this guest
Wants=network-pre.target
Before=network-pre.target ssh.service
After=systemd-udevd.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/lab/start

[Install]
WantedBy=multi-user.target`;

/** Says on the console that sshd listens. */
export const labReadyUnit = `[Unit]
Description=The lab may use this guest
Requires=ssh.service
After=ssh.service lab-start.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo "${READY_LINE}" > /dev/console'

[Install]
WantedBy=multi-user.target`;

/** Logins are logind's sessions, as on a server. */
export const sshdConfigWithPam = sshdConfig.replace('UsePAM no', 'UsePAM yes');

/** Costs seconds of an emulated boot each, and no test looks at it. */
export const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty.target',
  'serial-getty@ttyS0.service',
  'ldconfig.service',
  'systemd-binfmt.service',
  'systemd-boot-update.service',
  'systemd-firstboot.service',
  'systemd-fsck-root.service',
  'systemd-hwdb-update.service',
  'systemd-journal-catalog-update.service',
  'systemd-journal-flush.service',
  'systemd-machine-id-commit.service',
  'systemd-pstore.service',
  'systemd-random-seed.service',
  'systemd-repart.service',
  'systemd-update-done.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-udev-settle.service',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
];

/** Installed, but off until a test gives a manager the underlay. */
export const DISABLED = [
  'networking.service',
  'NetworkManager.service',
  'NetworkManager-wait-online.service',
  'systemd-networkd.service',
  'systemd-networkd-wait-online.service',
  'nftables.service',
];

/** eth0 is the way in: no manager may have it. */
export const networkManagerConfig = `[main]
plugins=keyfile

[keyfile]
unmanaged-devices=interface-name:eth0`;

/** Only what a test adds beside it. */
export const interfacesFile = `auto lo
iface lo inet loopback
source-directory /etc/network/interfaces.d`;
