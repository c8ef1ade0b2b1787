/** What every guest has, whatever its init. */
export const COMMON_PACKAGES = [
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

/** Prints the paths of the root that a guest needs, one a line; runs inside the new root. */
export const listRoot = `find . -xdev \\( ${LEFT_OUT_OF_ARCHIVE.map((path) => `-path "./${path}"`).join(' -o ')} \\) -prune -o -print`;

/** Drivers of hardware no guest has; everything under net/ and crypto/ stays, since those are the modules under test. */
const MODULES_KEPT = 'net|crypto|lib|arch/x86/crypto|drivers/net|drivers/virtio|drivers/char/hw_random|drivers/firmware/qemu_fw_cfg.ko';
const MODULES_DROPPED = 'drivers/net/(ethernet|wireless|hyperv|wwan|vmxnet3|xen-|usb|fddi)|net/(sunrpc|ceph|9p|bluetooth|mac80211|wireless)';

/** The users every guest has; see `LabUser`. */
export const makeUsers = `
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

/**
 * Puts the kernel's modules into the root, and `lab-kernel` and `lab-kernel-version` beside them; sets `$version`.
 *
 * @param moreModules - parts of the kernel tree to keep besides the network's
 */
export function unpackKernel(kernelPackage: string, moreModules: readonly string[] = []): string {
  return KERNEL.replace('KERNEL_PACKAGE', kernelPackage)
    .replace('MODULES_KEPT', [MODULES_KEPT, ...moreModules].join('|'))
    .replace('MODULES_DROPPED', MODULES_DROPPED);
}

/** Writes a text, and a newline, to a path in the new root. */
export function fileText(path: string, text: string): string {
  return `cat > ${path} <<'LAB-FILE'\n${text}\nLAB-FILE`;
}
