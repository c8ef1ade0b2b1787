import type { LabImage } from '../../../src/lab/image.ts';

/** An image as `ensureImage` would give it, of a kind that lives in memory. */
export const sampleImage: LabImage = {
  kind: 'minimal',
  folder: '/c/abc',
  kernel: '/c/abc/lab-kernel',
  initrd: '/c/abc/lab-initrd',
  kernelVersion: '6.1.0-cloud-amd64',
};
