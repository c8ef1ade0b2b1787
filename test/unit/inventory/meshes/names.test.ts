import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceName, tunnelName } from '../../../../src/inventory/meshes/names.ts';

const free = () => false;

describe('deviceName', () => {
  it.each([
    ['core', 'r2', 'core-r2'],
    ['backbone', 'fra.example.net', 'backbone-fra'],
    ['backbone', 'frankfurt', 'backb-frankfurt'],
    ['core', 'amsterdam-edge-17.example.net', 'co-amsterdge-17'],
    ['core', '192.0.2.7', 'core-192.0.2.7'],
  ])('%s to %s is %s', (mesh, peer, device) => {
    expect(deviceName(mesh, peer, free)).toBe(device);
  });

  it('is one that a kernel takes, told apart from all others', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/),
        fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 30 }),
        (mesh, peers) => {
          const taken = new Set<string>();
          for (const peer of peers) {
            const device = deviceName(mesh, peer, (name) => taken.has(name));
            expect(device).toMatch(/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/);
            expect(taken.has(device)).toBe(false);
            taken.add(device);
          }
        },
      ),
    );
  });
});

describe('tunnelName', () => {
  it('is made of what file names and aliases may have', () => {
    expect(tunnelName('core', ['r1', '2001:db8::1'], free)).toBe('core-r1-2001-db8--1');
    expect(tunnelName('core', ['r1', 'r2'], (name) => name === 'core-r1-r2')).toBe('core-r1-r2_2');
  });
});
