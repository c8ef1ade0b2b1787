import { describe, expect, it } from 'vitest';
import { guestMachine } from '../../../src/lab/machine.ts';
import { qemuArgv } from '../../../src/lab/qemu.ts';
import { sampleImage } from './sample-image.ts';
import { sampleLab } from './sample-lab.ts';
import { topologyNamed } from './topology-named.ts';

function argvOf(guest: string, index: number): string {
  return qemuArgv(guestMachine({ lab: sampleLab, guest, index, sshPort: 0 })).join(' ');
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
    expect(qemuArgv(guestMachine({ lab, guest: 'router-a', index: 0, sshPort: 0 })).join(' ')).toContain('unix:/r,,x/0.qmp');
  });

  it('emulates unless kvm is known to work', () => {
    expect(argvOf('router-a', 0)).toContain('-accel tcg,thread=multi,tb-size=256 -cpu qemu64');
    const kvm = qemuArgv(guestMachine({ lab: { ...sampleLab, accelerator: 'kvm' }, guest: 'router-a', index: 0, sshPort: 0 }));
    expect(kvm.join(' ')).toContain('-accel kvm -cpu host');
  });

  it('gives a guest with a disk its own copy and its own machine identifier', () => {
    const images = [{ ...sampleImage, kind: 'systemd' as const, disk: '/c/abc/lab-disk' }];
    const lab = { ...sampleLab, topology: topologyNamed('systemd-pair'), images };
    const argv = qemuArgv(guestMachine({ lab, guest: 'server-b', index: 1, sshPort: 0 })).join(' ');
    expect(argvOf('router-a', 0)).not.toContain('-drive');
    expect(argv).toContain('file=/s/server-b.disk');
    expect(argv).toContain('systemd.machine_id=00000000000000000000000000000002');
  });
});
