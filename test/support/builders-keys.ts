import type { DrawnKeys } from '../../src/domain/ipsec.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import type { KeyChoice } from '../../src/plan/plan-tunnel.ts';

/** Keys that read as what they are, and SPIs from a number on: chance plays no part in a test. */
export function keysFor(tunnels: readonly Pick<Tunnel, 'name'>[], { isRenewed = false }: { readonly isRenewed?: boolean } = {}): KeyChoice {
  const drawn = tunnels.map(({ name }, index): [string, DrawnKeys] => {
    const spis = [0, 1, 2, 3, 4, 5].map((more) => 0x1001 + index * 16 + more);
    return [name, { keys: [new Secret(`0xkey-of-${name}-there`), new Secret(`0xkey-of-${name}-back`)], spis }];
  });
  return { drawn: new Map(drawn), isRenewed };
}
