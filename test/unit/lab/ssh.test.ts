import { describe, expect, it } from 'vitest';
import { commandOn, sshArgv } from '../../../src/lab/ssh.ts';
import { sampleLab } from './sample-lab.ts';

describe('commandOn', () => {
  it('runs a guest’s command on the guest', () => {
    expect(commandOn(sampleLab.topology, 'router-a', 'ip link')).toEqual({
      guest: 'router-a',
      command: 'PATH=/usr/sbin:/usr/bin:/sbin:/bin\nip link',
    });
  });

  it('runs a PC’s command in its namespace, as one shell word', () => {
    const { guest, command } = commandOn(sampleLab.topology, 'pc1', "echo 'a b'");
    expect(guest).toBe('router-b');
    expect(command).toBe("/usr/sbin/ip netns exec pc1 sh -c 'PATH=/usr/sbin:/usr/bin:/sbin:/bin\necho '\\''a b'\\'''");
  });

  it('names the hosts there are when one is not', () => {
    expect(() => commandOn(sampleLab.topology, 'pc9', 'true')).toThrow('no host "pc9": router-a, router-b, pc1, pc2');
  });
});

describe('sshArgv', () => {
  it('takes nothing from the user’s own ssh settings and checks the host key', () => {
    const words = sshArgv(sampleLab, 'router-b', 'ops').join(' ');
    expect(words).toContain('-F none -i /s/id_ed25519 -p 40001');
    expect(words).toContain('StrictHostKeyChecking=yes');
    expect(words).toContain('-l ops');
  });
});
