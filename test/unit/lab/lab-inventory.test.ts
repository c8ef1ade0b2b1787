import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findGuest, inventoryText } from '../../../src/lab/lab-inventory.ts';
import { sampleLab } from './sample-lab.ts';
import { topologyNamed } from './topology-named.ts';

describe('inventoryText', () => {
  it('has Ansible’s variables for each guest and the topology’s tunnels', () => {
    const inventory = parse(inventoryText({ lab: sampleLab, topology: sampleLab.topology }));
    expect(inventory.all.vars).toEqual({
      ansible_host: '127.0.0.1',
      ansible_user: 'root',
      ansible_ssh_private_key_file: '/s/id_ed25519',
      ansible_ssh_common_args: '-o UserKnownHostsFile=/s/known_hosts',
    });
    expect(inventory.all.hosts).toEqual({ 'router-a': { ansible_port: 40000 }, 'router-b': { ansible_port: 40001 } });
    expect(inventory.tunnels.gre1.endpoints['router-a']).toEqual({ local: '30.1.1.2', address: '10.10.10.2', networks: ['10.2.1.0/24'] });
  });

  it('keeps a topology’s own host names on guests that are called otherwise', () => {
    const text = inventoryText({
      lab: sampleLab,
      topology: topologyNamed('two-hosts'),
      guestFor: { 'host-a': 'router-b', 'host-b': 'router-a' },
    });
    expect(parse(text).all.hosts).toEqual({ 'host-a': { ansible_port: 40001 }, 'host-b': { ansible_port: 40000 } });
  });

  it('has no tunnels where a topology has none to try', () => {
    const text = inventoryText({
      lab: sampleLab,
      topology: topologyNamed('everything'),
      guestFor: { 'host-a': 'router-a', router: 'router-a', 'host-b': 'router-b' },
    });
    expect(parse(text).tunnels).toBeUndefined();
  });
});

describe('findGuest', () => {
  it('names the guests there are when one is not', () => {
    expect(() => findGuest(sampleLab, 'pc1')).toThrow('has no guest "pc1"; it has router-a, router-b');
  });
});
