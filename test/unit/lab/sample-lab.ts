import type { Guest, Lab } from '../../../src/lab/lab.ts';
import { sampleImage } from './sample-image.ts';
import { topologyNamed } from './topology-named.ts';

function guest(name: string, index: number): Guest {
  return {
    name,
    index,
    pid: 100 + index,
    port: 40000 + index,
    hostKey: `ssh-ed25519 KEY${index} x`,
    consolePath: `/s/${name}.console`,
    qmpPath: `/r/${index}.qmp`,
  };
}

/** A lab as `labUp` would give it, with nothing behind it. */
export const sampleLab: Lab = {
  name: 'site-to-site',
  topology: topologyNamed('site-to-site'),
  lifetime: 'detached',
  accelerator: 'tcg',
  images: [sampleImage],
  folder: '/s',
  socketFolder: '/r',
  inventoryPath: '/s/inventory.yaml',
  knownHostsPath: '/s/known_hosts',
  hashedKnownHostsPath: '/s/known_hosts.hashed',
  keyPath: '/s/id_ed25519',
  guests: [guest('router-a', 0), guest('router-b', 1)],
};
