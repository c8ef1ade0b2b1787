import { describe, expect, it } from 'vitest';
import { isInstalled, missingPackages, neededPrograms } from '../../../src/lab/requirements.ts';

describe('needed programs', () => {
  it('names each missing package once', () => {
    const programs = neededPrograms({ imageCached: false, isRoot: true });
    expect(missingPackages(programs, () => false)).toEqual(['qemu-system-x86', 'openssh-client', 'mmdebstrap']);
    expect(missingPackages(programs, () => true)).toEqual([]);
  });

  it('needs user namespaces to build without root, and nothing to build with when the image is there', () => {
    expect(neededPrograms({ imageCached: false, isRoot: false })).toContain('newuidmap');
    expect(neededPrograms({ imageCached: true, isRoot: false })).not.toContain('mmdebstrap');
  });

  it('finds programs of system folders that PATH lacks', () => {
    expect(isInstalled('sh', { PATH: '' })).toBe(true);
    expect(isInstalled('no-such-program', { PATH: '/usr/bin' })).toBe(false);
  });
});
