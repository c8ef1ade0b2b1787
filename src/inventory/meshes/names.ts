import type { Pair } from './topology.ts';

/** The kernel's IFNAMSIZ less one. */
const DEVICE_LENGTH = 15;

/** What a tunnel's name may have; see TUNNEL_NAME. */
const TUNNEL_LENGTH = 64;

/** Of a host's name that has to be cut, what is kept of its end: that is where hosts of one kind differ. */
const TAIL = 6;

/** `backbone-r1-r2`, told apart by a number where that is taken. */
export function tunnelName(mesh: string, [first, second]: Pair, isTaken: (name: string) => boolean): string {
  return free(`${mesh}-${word(first)}-${word(second)}`, { most: TUNNEL_LENGTH, isTaken });
}

/**
 * `backbone-r2`: the mesh and the peer, told apart by a number where that is taken.
 *
 * Of a name with dots only the first part counts. What does not fit loses the end of the mesh's name, then the middle of the peer's.
 */
export function deviceName(mesh: string, peer: string, isTaken: (name: string) => boolean): string {
  const label = word(/^[\d.]+$|:/.test(peer) ? peer : (peer.split('.')[0] ?? peer));
  const prefix = mesh.slice(0, Math.max(2, DEVICE_LENGTH - 1 - label.length));
  const room = DEVICE_LENGTH - prefix.length - 1;
  const short = label.length <= room ? label : label.slice(0, room - TAIL) + label.slice(-TAIL);
  return free(`${prefix}-${short}`, { most: DEVICE_LENGTH, isTaken });
}

/** What devices and tunnels may be called by, of any name of a host. */
function word(host: string): string {
  return host.replace(/[^A-Za-z0-9_.-]/g, '-');
}

function free(name: string, { most, isTaken }: { readonly most: number; readonly isTaken: (name: string) => boolean }): string {
  const wanted = name.slice(0, most);
  for (let number = 2, next = wanted; ; number += 1) {
    if (!isTaken(next)) return next;
    const suffix = `_${number}`;
    next = wanted.slice(0, most - suffix.length) + suffix;
  }
}
