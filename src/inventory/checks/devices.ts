import { TUNNEL_NAME } from '../../domain/tunnel.ts';
import { fallbackDevices } from '../../modes/index.ts';
import { lineOf, type Problem, problemAt } from '../problem.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import { ipKeywords } from './ip-keywords.ts';
import type { Check } from './landscape.ts';

/** What both the kernel and every tool on the way take as it is (15 bytes are the kernel's IFNAMSIZ less one). */
const DEVICE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/;

/** Names a kernel, iproute2 and people can live with. */
export const checkDeviceNames: Check = ({ tunnels }, report) => {
  for (const { device, tunnel } of tunnels.flatMap((one) => one.ends.map(({ device }) => ({ device, tunnel: one })))) {
    const isReported = device.at === tunnel.at && !TUNNEL_NAME.test(device.value);
    const found = isReported ? undefined : objectionTo(device.value);
    if (found !== undefined) report(problemAt(device.at, { ...found, hint: 'Set «device» under the endpoint to another name, such as tun1.' }));
  }
};

function objectionTo(name: string): Pick<Problem, 'code' | 'message'> | undefined {
  if (name.length > 15) {
    return {
      code: 'inventory.device-name',
      message: `«${name}» cannot be the name of a device: it has ${name.length} characters, and the kernel allows 15`,
    };
  }
  if (!DEVICE_NAME.test(name)) {
    return {
      code: 'inventory.device-name',
      message: `«${name}» cannot be the name of a device: only letters, digits, dots, dashes and underscores may follow a letter`,
    };
  }
  if (ipKeywords.has(name)) return { code: 'inventory.reserved-device', message: `«${name}» is a word of the ip command` };
  if (fallbackDevices.has(name)) return { code: 'inventory.reserved-device', message: `«${name}» is a device the kernel makes by itself` };
  return undefined;
}

/** Every host has a device name once, tunnels to be removed counted in: which one would be meant? */
export const checkDuplicateDevices: Check = ({ tunnels }, report) => {
  const seen = new Map<string, { readonly tunnel: string; readonly end: EndDraft }>();
  for (const tunnel of tunnels) {
    for (const end of tunnel.ends) {
      const id = `${end.host.value} ${end.device.value}`;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, { tunnel: tunnel.name, end });
      else {
        const message = `${end.host.value} has the device ${end.device.value} already, for tunnel ${first.tunnel} (${lineOf(first.end.device.at)})`;
        report(problemAt(end.device.at, { code: 'inventory.duplicate-device', message, hint: 'Set «device» under the endpoint to another name.' }));
      }
    }
  }
};
