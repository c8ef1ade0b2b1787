import { guestInit, guestInittab, sshdConfig } from './guest-files.ts';
import { COMMON_PACKAGES, fileText, listRoot, makeUsers, unpackKernel } from './image-parts.ts';
import type { ImageRecipe } from './image-recipe.ts';

/** A root that is unpacked into memory at every boot, with busybox as its init. */
export function minimalImage(kernelPackage: string): Pick<ImageRecipe, 'packages' | 'customize'> {
  return { packages: [...COMMON_PACKAGES, 'busybox'], customize: customize(kernelPackage) };
}

function customize(kernelPackage: string): string {
  return `set -e
cd "$1"
${unpackKernel(kernelPackage)}
${makeUsers}
${fileText('init', guestInit)}
chmod 755 init
${fileText('etc/inittab', guestInittab)}
${fileText('etc/ssh/sshd_config', sshdConfig)}
rm -f etc/ssh/ssh_host_* etc/motd etc/hostname
mkdir -p srv/www root/.ssh
echo 'tunorch lab' > srv/www/index.html
chroot . dpkg-query -W -f '\${Package} \${Version}\\n' > lab-packages
mv lab-kernel lab-kernel-version lab-packages var/tmp/
chroot . sh -c '${listRoot} | busybox cpio -o -H newc > /var/tmp/lab-initrd'`;
}
