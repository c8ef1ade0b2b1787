import { BASELINE_FOLDER, baselineScript } from './reset.ts';

/** The line on the serial console that says sshd listens. */
export const READY_LINE = 'tunorch-lab: ready';

/** Where QEMU's firmware-configuration device shows the guest's own settings (fw_cfg, Linux qemu_fw_cfg.ko). */
export const SETTINGS_NAME = 'opt/tunorch/settings';

/**
 * The guest's first process, before busybox init: no service manager, because a boot should take seconds.
 *
 * The settings are shell text of the guest's own, so one image serves every guest.
 */
export const guestInit = `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
mkdir -p /dev/pts /dev/shm /run/sshd /run/lock /run/netns ${BASELINE_FOLDER}
mount -t devpts -o gid=5,mode=620 devpts /dev/pts
mount -t tmpfs shm /dev/shm
exec >/dev/console 2>&1
modprobe -a virtio_pci virtio_net qemu_fw_cfg
cp /sys/firmware/qemu_fw_cfg/by_name/${SETTINGS_NAME}/raw /run/lab/settings
chmod 600 /run/lab/settings
. /run/lab/settings
ip link set dev lo up
lab_management
${baselineScript}
lab_addressing || echo 'tunorch-lab: addressing failed'
/usr/sbin/sshd -E /run/sshd.log
while [ ! -s /run/sshd.pid ]; do sleep 0.02; done
echo '${READY_LINE}'
exec /bin/busybox init
`;

/** Init only takes in orphans; sshd is started before it, so that a test may stop or restart it. */
export const guestInittab = '::ctrlaltdel:/bin/busybox reboot -f';

/** PAM would cost time at each login, and checks nothing here that sshd does not. */
export const sshdConfig = `HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 200:30:400
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
Match User ops
  PasswordAuthentication yes`;
