import {
  DISABLED,
  diskInit,
  interfacesFile,
  labReadyUnit,
  labStart,
  labStartUnit,
  MASKED,
  networkManagerConfig,
  sshdConfigWithPam,
} from './guest-systemd-files.ts';
import { COMMON_PACKAGES, fileText, listRoot, makeUsers, unpackKernel } from './image-parts.ts';
import type { ImageRecipe } from './image-recipe.ts';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'libpam-systemd',
  'udev',
  'e2fsprogs',
  'ifupdown',
  'network-manager',
  'netplan.io',
  'busybox-static',
];

const DISK_MODULES = ['drivers/block/virtio_blk.ko', 'fs/(ext4|jbd2|mbcache|autofs)'];

/** Room a guest has to write. */
const FREE_MB = 96;

/** A root on a disk of its own, run by systemd. The initramfs only finds the disk. */
export function systemdImage(kernelPackage: string): Pick<ImageRecipe, 'packages' | 'customize'> {
  return { packages: [...COMMON_PACKAGES, ...PACKAGES], customize: customize(kernelPackage) };
}

function customize(kernelPackage: string): string {
  return `set -e
cd "$1"
${unpackKernel(kernelPackage, DISK_MODULES)}
${makeUsers}
${labFiles}
${services}
rm -f etc/ssh/ssh_host_* etc/motd etc/hostname
mkdir -p srv/www root/.ssh
echo 'tunorch lab' > srv/www/index.html
chroot . dpkg-query -W -f '\${Package} \${Version}\\n' > lab-packages
mv lab-kernel lab-kernel-version lab-packages var/tmp/
${makeInitramfs}
${makeDisk}`;
}

const labFiles = `
mkdir -p etc/lab usr/lib/lab etc/NetworkManager/conf.d
${fileText('usr/lib/lab/start', labStart)}
chmod 755 usr/lib/lab/start
${fileText('etc/systemd/system/lab-start.service', labStartUnit)}
${fileText('etc/systemd/system/lab-ready.service', labReadyUnit)}
${fileText('etc/ssh/sshd_config', sshdConfigWithPam)}
${fileText('etc/NetworkManager/conf.d/lab.conf', networkManagerConfig)}
${fileText('etc/network/interfaces', interfacesFile)}
mkdir -p etc/systemd/journald.conf.d
${fileText('etc/systemd/journald.conf.d/lab.conf', '[Journal]\nStorage=volatile\nForwardToConsole=no')}`;

/** The identifier is only there so that no boot is a first boot; each guest gets its own on the kernel's command line. */
const services = `
chroot . systemctl --quiet mask ${MASKED.join(' ')}
chroot . systemctl --quiet disable ${DISABLED.join(' ')} || true
chroot . systemctl --quiet enable ssh.service lab-start.service lab-ready.service
chroot . systemctl --quiet set-default multi-user.target
echo 00000000000000000000000000000001 > etc/machine-id
touch etc/lab/image`;

const makeInitramfs = `
mkdir -p var/tmp/initramfs/bin var/tmp/initramfs/dev var/tmp/initramfs/disk
cp bin/busybox var/tmp/initramfs/bin/
chroot . sh -c 'for module in virtio_pci virtio_blk crc32c_generic ext4; do modprobe -S "$1" --show-depends $module; done' sh "$version" |
  sed -n 's,^insmod /*\\([^ ]*\\).*,\\1,p' | awk '!seen[$0]++' > var/tmp/initramfs/modules
while read -r module; do mkdir -p "var/tmp/initramfs/\${module%/*}"; cp "$module" "var/tmp/initramfs/$module"; done < var/tmp/initramfs/modules
${fileText('var/tmp/initramfs/init', diskInit)}
chmod 755 var/tmp/initramfs/init
chroot . sh -c 'cd /var/tmp/initramfs && find . | busybox cpio -o -H newc > /var/tmp/lab-initrd'`;

/** Filled as it is made (`mke2fs -d`), so that nothing needs to be mounted. */
const makeDisk = `
mkdir -p var/tmp/root
chroot . sh -c '${listRoot} | tar -c --no-recursion -T - | tar -xp -C /var/tmp/root'
size=$(( $(du -sm var/tmp/root | cut -f1) * 11 / 10 + ${FREE_MB} ))
chroot . mke2fs -q -F -t ext4 -L root -m 0 -N 32768 -d /var/tmp/root /var/tmp/lab-disk "\${size}M"`;
