import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
  stage.network.dropped.add('gre');
});
afterEach(() => stage.close());

describe('a tunnel that stays silent', () => {
  it('is rolled back all the same where nobody can find out why, and that is told', async () => {
    const before = stage.snapshots();
    const { recap, events } = await stage.run({
      tunnels: [sites()],
      isExplained: true,
      deadlineSeconds: 90,
      faults: { lose: (host, sort) => (host === 'router-b' && sort === 'other' ? 'killed' : undefined) },
    });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(stage.snapshots()).toEqual(before);
    expect(events).toContainEqual({ type: 'tunnel-phase', tunnel: 'gre1', phase: 'diagnose', state: 'failed' });
    const message = 'why gre1 is silent was not found out: ssh.connection-lost: the connection was lost';
    expect(events).toContainEqual({ type: 'host-warning', host: 'router-b', message });
  });
});
