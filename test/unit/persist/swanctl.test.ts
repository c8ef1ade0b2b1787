import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { swanctlOf } from '../../../src/persist/swanctl.ts';
import { aTunnel } from '../../support/builders.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/text');

const TUNNELS = [
  aTunnel({ ipsec: true }),
  aTunnel({ name: 'any6', mode: 'ip6tnl', ipsec: true }, [{ local: 'fd00:1::1' }, { local: 'fd00:1::2', public: 'fd00:9::2' }]),
  aTunnel({ name: 'vti1', mode: 'vti', ipsec: true }, [{ ikey: 41 }, { ikey: 42 }]),
  aTunnel({ name: 'plain' }),
  aTunnel({ name: 'gone', ipsec: true, state: 'absent' }),
];

describe('the swanctl.conf of a host', () => {
  it.each(['router-a', 'router-b'])('%s mirrors that of its peers, and has no secret', (host) => {
    const file = swanctlOf(host, TUNNELS);
    const text = 'lines' in file ? `${file.lines.join('\n')}\n` : file.refused;
    const path = join(GOLDEN, `swanctl-${host}.conf`);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
    expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  });

  it('is refused where there is nothing to protect, and where an outer address is not declared', () => {
    expect(swanctlOf('router-c', TUNNELS)).toEqual({ refused: 'router-c has no tunnel with «ipsec: true»' });
    const { local: _, ...second } = aTunnel().endpoints[1];
    const tunnel = { ...aTunnel({ ipsec: true }), endpoints: [aTunnel().endpoints[0], second] as const };
    expect(swanctlOf('router-a', [tunnel])).toEqual({ refused: expect.stringContaining('gre1 has no `local`') });
  });
});
