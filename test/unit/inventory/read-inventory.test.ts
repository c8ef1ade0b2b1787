import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/cli/render-diagnostics.ts';
import type { SecretReference } from '../../../src/inventory/reading.ts';
import { problemsOf, readText, withTunnels } from './read-text.ts';

const SPEC_EXAMPLE = `all:
  vars: { ansible_user: root }
  hosts:
    router-a: { ansible_host: 198.51.100.7 }
    router-b: { ansible_host: 203.0.113.9, ansible_port: 2222, ansible_user: ops, ansible_become: true }
  children:
    edge: { hosts: { router-a: , router-b: } }

tunnels:
  gre1:                                   # also the device name, unless an endpoint sets \`device\`
    mode: gre
    key: 1
    ttl: 255
    mtu: auto
    tags: [backbone]
    endpoints:
      router-a: { local: 30.1.1.2, address: 10.10.10.2, networks: [10.2.1.0/24] }
      router-b: { local: 30.1.1.1, address: 10.10.10.1, networks: [10.1.1.0/24] }
`;

const GRE = `  gre1:
    mode: gre
    endpoints:
      a: { local: 30.1.1.2, address: 10.10.10.2 }
      b: { local: 30.1.1.1, address: 10.10.10.1 }
`;

describe('readInventory', () => {
  it('reads the example of the contract', () => {
    const { desired, diagnostics } = readText(SPEC_EXAMPLE);
    expect(diagnostics).toEqual([]);
    expect(desired?.hosts.get('router-a')).toEqual({ name: 'router-a', connection: { host: '198.51.100.7', user: 'root' } });
    expect(desired?.hosts.get('router-b')).toEqual({
      name: 'router-b',
      connection: { host: '203.0.113.9', port: 2222, user: 'ops', become: { method: 'sudo' } },
    });
    expect(desired?.tunnels).toEqual([
      {
        name: 'gre1',
        mode: 'gre',
        ttl: 255,
        state: 'present',
        tags: ['backbone'],
        verify: { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 },
        endpoints: [
          {
            host: 'router-a',
            device: 'gre1',
            local: '30.1.1.2',
            ikey: 1,
            addresses: [{ address: '10.10.10.2', length: 32, peer: '10.10.10.1' }],
            networks: ['10.2.1.0/24'],
            routes: [],
            forwarding: true,
          },
          {
            host: 'router-b',
            device: 'gre1',
            local: '30.1.1.1',
            ikey: 1,
            addresses: [{ address: '10.10.10.1', length: 32, peer: '10.10.10.2' }],
            networks: ['10.1.1.0/24'],
            routes: [],
            forwarding: true,
          },
        ],
      },
    ]);
  });

  it('finds hosts in one file and tunnels in another', () => {
    const reading = readText({ 'tunnels.yaml': `tunnels:\n${GRE}`, 'hosts.yaml': 'all: { hosts: { a: , b: } }\n' });
    expect(problemsOf(reading)).toEqual([]);
    expect(reading.desired?.tunnels.map(({ name }) => name)).toEqual(['gre1']);
  });

  it('blames nothing on names that a broken file was to declare', () => {
    const reading = readText({ 'hosts.yaml': 'all: { hosts: { a: , b: \n', 'tunnels.yaml': `tunnels:\n${GRE.replace('mode', 'moed')}` });
    expect(new Set(reading.diagnostics.map(({ code }) => code))).toEqual(new Set(['inventory.yaml-syntax', 'inventory.missing-key']));
  });

  it('tells problems in the order of the files and lines', () => {
    const bad = withTunnels(GRE.replace('gre\n', 'gre\n    tll: 3\n').replace('30.1.1.1', '30.1.1'));
    const reading = readText({ 'z.yaml': bad, 'a.yaml': 'all: { vras: {} }\n' });
    expect(reading.diagnostics.map(({ place }) => `${place?.file}:${place?.line}`)).toEqual(['z.yaml:9', 'z.yaml:12', 'a.yaml:1']);
  });

  it('has no desired state when any problem is an error, and one when all are warnings', () => {
    expect(readText(withTunnels(GRE.replace('gre\n', 'gre\n    tll: 3\n'))).desired).toBeUndefined();
    const warned = readText('all: { hosts: { a: } }\n');
    expect([problemsOf(warned), warned.desired?.tunnels]).toEqual([['no-tunnels'], []]);
  });

  it('takes nothing for an inventory without anything', () => {
    expect(problemsOf(readText(''))).toEqual(['no-tunnels']);
    expect(problemsOf(readText({}))).toEqual(['no-tunnels']);
  });

  it('reads the JSON of ansible-inventory --list', () => {
    const listed = {
      _meta: { hostvars: { a: { ansible_host: '198.51.100.7' }, b: { ansible_host: '203.0.113.9', ansible_port: 2222 } } },
      all: { children: ['ungrouped', 'edge'] },
      edge: { hosts: ['a', 'b'] },
    };
    const reading = readText({ '<stdin>': JSON.stringify(listed, null, 4), 'tunnels.yaml': `tunnels:\n${GRE}` });
    expect(problemsOf(reading)).toEqual([]);
    expect(reading.desired?.hosts.get('b')?.connection).toEqual({ host: '203.0.113.9', port: 2222 });
    expect(reading.groups.get('edge')?.hosts).toEqual(['a', 'b']);
  });
});

describe('secrets', () => {
  const inventory = withTunnels(GRE).replace(
    'a: { ',
    'a: { ansible_password: !env A_PASSWORD, ansible_become: yes, ansible_become_password: !file secrets/a, ',
  );

  it('are read for hosts with tunnels, by their references', () => {
    const asked: SecretReference[] = [];
    const withSpare = inventory.replace('c: { ', 'c: { ansible_password: !env SPARE, ');
    const reading = readText(withSpare, {
      readSecret: (reference) => {
        asked.push(reference);
        return 'zebraquagga';
      },
    });
    expect(asked).toEqual([
      { from: 'env', name: 'A_PASSWORD', inventory: 'inventory.yaml' },
      { from: 'file', name: 'secrets/a', inventory: 'inventory.yaml' },
    ]);
    expect(reading.desired?.hosts.get('a')?.connection.password?.reveal()).toBe('zebraquagga');
    expect(reading.desired?.hosts.get('a')?.connection.become?.password?.reveal()).toBe('zebraquagga');
  });

  it('are left alone where nobody reads them', () => {
    const reading = readText(inventory);
    expect(problemsOf(reading)).toEqual([]);
    expect(reading.desired?.hosts.get('a')?.connection.password).toBeUndefined();
  });

  it.each([
    ['flow', 'a: { ansible_password: zebra quagga, ansible_become: perhaps }'],
    ['quoted', 'a: { "ansible_password": "zebra \\" quagga, }", ansible_become: perhaps }'],
    ['apostrophes', "a: { ansible_become: perhaps, ansible_become_pass: 'zebra '' quagga' }"],
    ['other words', 'a: { ansible_ssh_pass: zebra quagga, my_secret: zebra quagga, ansible_become: perhaps }'],
  ])('never come out in a problem or a variable (%s)', (_form, host) => {
    const reading = readText(withTunnels(GRE).replace(/a: \{.*\}/, host));
    const told = renderDiagnostics(reading.diagnostics, { colour: false }) + inspect(reading, { depth: 9 }) + JSON.stringify([...reading.hostVars]);
    expect(problemsOf(reading)).toHaveLength(1);
    expect(told).not.toMatch(/zebra|quagga/);
  });

  it('never come out of a block line', () => {
    const reading = readText('all:\n  vars:\n    ansible_password: zebra quagga, here # {{\n   bad\n');
    expect(renderDiagnostics(reading.diagnostics, { colour: false })).not.toMatch(/zebra|quagga/);
  });
});
