import { describe, expect, it } from 'vitest';
import type { Unstamped } from '../../../src/run/world.ts';
import { aTunnel } from '../../support/builders.ts';
import { aKernel } from '../../support/builders-kernel.ts';
import { Stage, until } from '../../support/fake-host-stage.ts';

describe('an error of tunorch itself', () => {
  it('lets the hosts of its group go, which roll back, and leaves the others to come to their end', async () => {
    const stage = new Stage({
      'router-a': aKernel({ links: ['eth0 30.1.1.1/24'] }),
      'router-b': aKernel({ links: ['eth0 30.1.1.2/24'] }),
      'router-c': aKernel({ links: ['eth0 30.1.1.3/24'] }),
      'router-d': aKernel({ links: ['eth0 30.1.1.4/24'] }),
    });
    try {
      const before = { a: stage.host('router-a').snapshot(), b: stage.host('router-b').snapshot() };
      const elsewhere = [
        { host: 'router-c', local: '30.1.1.3' },
        { host: 'router-d', local: '30.1.1.4' },
      ] as const;
      const events: Unstamped[] = [];
      const running = stage.run({
        tunnels: [aTunnel(), aTunnel({ name: 'gre2' }, elsewhere)],
        listen: (event) => void events.push(event),
        faults: {
          before(host, sort) {
            if (host === 'router-a' && sort === 'apply') throw new TypeError('a bug');
          },
        },
      });
      await expect(running).rejects.toThrow('a bug');
      expect(events.filter(({ type }) => type === 'tunnel-finished')).toMatchObject([{ recap: { tunnel: 'gre2', outcome: 'changed' } }]);
      await until(() => stage.littered.length === 0, 30);
      expect({ a: stage.host('router-a').snapshot(), b: stage.host('router-b').snapshot() }).toEqual(before);
    } finally {
      stage.close();
    }
  }, 300_000);
});
