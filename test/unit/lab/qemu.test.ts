import { describe, expect, it } from 'vitest';
import { guestMachine } from '../../../src/lab/machine.ts';
import { qemuArgv } from '../../../src/lab/qemu.ts';
import { sampleLab } from './sample-lab.ts';

const image = { folder: '/c/abc', kernel: '/c/abc/lab-kernel', initrd: '/c/abc/lab-initrd' };

function argvOf(guest: string, index: number): string {
  return qemuArgv(guestMachine({ lab: sampleLab, image, guest, index, sshPort: 0 })).join(' ');
}

describe('qemuArgv', () => {
  it('lets nothing out of a guest, and SSH in on a port of the loopback address', () => {
    expect(argvOf('router-b', 1)).toContain('user,id=eth0,restrict=on,ipv6=off,net=198.18.1.0/24');
    expect(argvOf('router-b', 1)).toContain('hostfwd=tcp:127.0.0.1:0-198.18.1.15:22');
  });

  it('joins two guests by the same two sockets, crossed', () => {
    expect(argvOf('router-a', 0)).toContain('local.path=/r/cable0.0,remote.type=unix,remote.path=/r/cable0.1');
    expect(argvOf('router-b', 1)).toContain('local.path=/r/cable0.1,remote.type=unix,remote.path=/r/cable0.0');
  });

  it('has no plug for links inside a guest', () => {
    expect(argvOf('router-a', 0)).not.toContain('lan0');
  });

  it('doubles commas in paths, which QEMU would take for the next option', () => {
    const lab = { ...sampleLab, socketFolder: '/r,x' };
    expect(qemuArgv(guestMachine({ lab, image, guest: 'router-a', index: 0, sshPort: 0 })).join(' ')).toContain('unix:/r,,x/0.qmp');
  });

  it('emulates unless kvm is known to work', () => {
    expect(argvOf('router-a', 0)).toContain('-accel tcg,thread=multi -cpu max');
    const kvm = qemuArgv(guestMachine({ lab: { ...sampleLab, accelerator: 'kvm' }, image, guest: 'router-a', index: 0, sshPort: 0 }));
    expect(kvm.join(' ')).toContain('-accel kvm -cpu host');
  });
});
