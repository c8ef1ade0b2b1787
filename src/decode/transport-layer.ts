import type { IcmpLayer } from './layer.ts';
import type { Slice } from './slice.ts';
import type { Step } from './step.ts';

const ECHOES: Readonly<Record<IcmpLayer['layer'], ReadonlyMap<number, IcmpLayer['kind']>>> = {
  icmp: new Map([
    [8, 'echo-request'],
    [0, 'echo-reply'],
  ]),
  icmpv6: new Map([
    [128, 'echo-request'],
    [129, 'echo-reply'],
  ]),
};

/** RFC 792 and 4443. */
export function decodeIcmp(name: IcmpLayer['layer'], { view, sentBytes }: Slice): Step {
  const type = view.getUint8(0);
  const kind = ECHOES[name].get(type) ?? 'other';
  const message = { layer: name, kind, type, code: view.getUint8(1), lengthBytes: sentBytes };
  return { layer: kind === 'other' ? message : { ...message, id: view.getUint16(4), seq: view.getUint16(6) } };
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** RFC 9293. */
export function decodeTcp({ view }: Slice): Step {
  const bits = view.getUint8(13);
  const flags = FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0).join(' ');
  return { layer: { layer: 'tcp', fromPort: view.getUint16(0), toPort: view.getUint16(2), flags, seq: view.getUint32(4) } };
}
