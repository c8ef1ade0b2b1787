import { createHash } from 'node:crypto';
import { guestInit, guestInittab, sshdConfig } from './guest-files.ts';

/** Everything the image is made from; the cache folder is named by a hash of it. */
export interface ImageRecipe {
  readonly suite: string;
  readonly mirror: string;
  readonly kernelPackage: string;
  readonly packages: readonly string[];
  /** Runs outside the new root as (namespace) root; `$1` is the new root. */
  readonly customize: string;
}

const PACKAGES = [
  'openssh-server',
  'iproute2',
  'kmod',
  'iputils-ping',
  'tcpdump',
  'nftables',
  'iptables',
  'conntrack',
  'procps',
  'sudo',
  'curl',
  'busybox',
];

/** Parts of packages that no test looks at; half of the image would be them, and each byte is unpacked at every boot. */
export const LEFT_OUT = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/info/*',
  '/usr/share/lintian/*',
  '/usr/share/bash-completion/*',
  '/usr/share/zoneinfo/*',
  '/usr/lib/x86_64-linux-gnu/gconv/*',
];

/** Installed with the packages, but of no use in a guest that installs nothing. */
const LEFT_OUT_OF_ARCHIVE = [
  'proc/*',
  'sys/*',
  'dev/*',
  'tmp/*',
  'var/tmp/*',
  'boot/*',
  'usr/share/perl*',
  'usr/lib/x86_64-linux-gnu/perl*',
  'usr/lib/x86_64-linux-gnu/libperl*',
  'usr/bin/perl*',
  'usr/bin/apt*',
  'usr/bin/dpkg*',
  'usr/lib/apt',
  'usr/lib/x86_64-linux-gnu/libapt-*',
  'usr/lib/x86_64-linux-gnu/libstdc++*',
  'usr/share/keyrings',
  'usr/share/gcc',
  'usr/share/gdb',
  'var/lib/apt/*',
  'var/lib/dpkg/*',
  'var/cache/*',
  'var/log/*',
];

/** Drivers of hardware no guest has; everything under net/ and crypto/ stays, since those are the modules under test. */
const MODULES_KEPT = 'net|crypto|lib|arch/x86/crypto|drivers/net|drivers/virtio|drivers/char/hw_random|drivers/firmware/qemu_fw_cfg.ko';
const MODULES_DROPPED = 'drivers/net/(ethernet|wireless|hyperv|wwan|vmxnet3|xen-|usb|fddi)|net/(sunrpc|ceph|9p|bluetooth|mac80211|wireless)';

const USERS = `
chroot . useradd -m -s /bin/sh ops
chroot . useradd -m -s /bin/sh deploy
chroot . useradd -m -s /bin/sh plain
echo 'ops:ops-secret' | chroot . chpasswd
chroot . usermod -p '*' deploy
chroot . usermod -p '*' plain
chroot . usermod -p '*' -s /bin/sh root
printf '%s\\n' 'ops ALL=(ALL:ALL) ALL' 'deploy ALL=(ALL:ALL) NOPASSWD: ALL' > etc/sudoers.d/lab
chmod 440 etc/sudoers.d/lab`;

/** dpkg-deb is not asked to unpack the kernel: it would replace the /lib link by a folder. Nor is it installed: that costs an initramfs. */
const KERNEL = `
kernel=$(APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache depends KERNEL_PACKAGE | sed -n 's/.*Depends: \\(linux-image-[^ ]*\\).*/\\1/p' | head -n 1)
(cd var/tmp && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get download "$kernel")
dpkg-deb --fsys-tarfile var/tmp/linux-image*.deb | tar -x --keep-directory-symlink --exclude=./usr/share -C .
rm -f var/tmp/*
version=$(ls lib/modules)
(cd "lib/modules/$version/kernel" && find . -type f | sed 's,^\\./,,' | { grep -vE '^(MODULES_KEPT)' || true; } | xargs -r rm -f
 find . -type f | sed 's,^\\./,,' | { grep -E '^(MODULES_DROPPED)' || true; } | xargs -r rm -f
 find . -type d -empty -delete)
chroot . depmod "$version"
cp "boot/vmlinuz-$version" lab-kernel
printf '%s' "$version" > lab-kernel-version`;

function customize(kernelPackage: string): string {
  const kernel = KERNEL.replace('KERNEL_PACKAGE', kernelPackage).replace('MODULES_KEPT', MODULES_KEPT).replace('MODULES_DROPPED', MODULES_DROPPED);
  return `set -e
cd "$1"
${kernel}
${USERS}
${fileText('init', guestInit)}
chmod 755 init
${fileText('etc/inittab', guestInittab)}
${fileText('etc/ssh/sshd_config', sshdConfig)}
rm -f etc/ssh/ssh_host_* etc/motd etc/hostname
mkdir -p srv/www root/.ssh
echo 'tunorch lab' > srv/www/index.html
chroot . dpkg-query -W -f '\${Package} \${Version}\\n' > lab-packages
mv lab-kernel lab-kernel-version lab-packages var/tmp/
chroot . sh -c 'find . -xdev \\( ${LEFT_OUT_OF_ARCHIVE.map((path) => `-path "./${path}"`).join(' -o ')} \\) -prune -o -print | busybox cpio -o -H newc > /var/tmp/lab-initrd'`;
}

function fileText(path: string, text: string): string {
  return `cat > ${path} <<'LAB-FILE'\n${text}\nLAB-FILE`;
}

/** The recipe of this version of the lab. `TUNORCH_LAB_MIRROR` names another Debian mirror. */
export function imageRecipe(env: NodeJS.ProcessEnv): ImageRecipe {
  const kernelPackage = 'linux-image-cloud-amd64';
  return {
    suite: 'bookworm',
    mirror: env.TUNORCH_LAB_MIRROR ?? 'http://deb.debian.org/debian',
    kernelPackage,
    packages: PACKAGES,
    customize: customize(kernelPackage),
  };
}

/** Names the cache folder of an image: the same recipe gives the same name. */
export function recipeHash(recipe: ImageRecipe): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, LEFT_OUT]))
    .digest('hex')
    .slice(0, 16);
}
