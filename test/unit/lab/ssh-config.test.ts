import { expect, it } from 'vitest';
import { sshConfigText } from '../../../src/lab/ssh-config.ts';
import { sampleLab } from './sample-lab.ts';

it('has a stanza of ssh_config for each guest of the topology', () => {
  const stanzas = sshConfigText({ lab: sampleLab, topology: sampleLab.topology }).split(/^(?=Host )/m);
  expect(stanzas.map((stanza) => stanza.split('\n')[0])).toEqual(['Host router-a', 'Host router-b']);
  expect(stanzas[1]?.trim().split('\n  ')).toEqual([
    'Host router-b',
    'HostName 127.0.0.1',
    'Port 40001',
    'User root',
    'IdentityFile "/s/id_ed25519"',
    'IdentitiesOnly yes',
    'UserKnownHostsFile "/s/known_hosts"',
  ]);
});
