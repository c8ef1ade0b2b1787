import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

const tunnels = [sites()];

async function agree(planned = tunnels): Promise<ReadonlyMap<string, string>> {
  const { events } = await stage.run({ tunnels: planned, command: 'plan', isCheck: true });
  return new Map(events.flatMap((event) => (event.type === 'tunnel-planned' ? [[event.tunnel, event.digest ?? '']] : [])));
}

describe('a plan that was agreed to', () => {
  it('is done as it was made', async () => {
    const { recap } = await stage.run({ tunnels, agreed: await agree() });
    expect(recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'changed' }] });
  });

  it('is done although the keys of ESP are drawn anew', async () => {
    const protectedOnes = [sites({ ipsec: true })];
    const { recap } = await stage.run({ tunnels: protectedOnes, agreed: await agree(protectedOnes) });
    expect(recap.tunnels).toMatchObject([{ outcome: 'changed' }]);
  });

  it('is refused where something else would be done now', async () => {
    await stage.run({ tunnels });
    stage.host('router-a').type('link set dev gre1 mtu 1300');
    const agreed = await agree();
    stage.host('router-b').type('link delete dev gre1');
    const before = stage.snapshots();
    const { recap } = await stage.run({ tunnels, agreed });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed', problems: [{ code: 'plan.moved-on' }] }] });
    expect(stage.snapshots()).toEqual(before);
  });

  it('is refused where the same would be done, but something else brought back after it', async () => {
    await stage.run({ tunnels });
    stage.host('router-a').type('link set dev gre1 mtu 1300');
    const agreed = await agree();
    stage.host('router-a').type('link set dev gre1 mtu 1310');
    const { recap } = await stage.run({ tunnels, agreed });
    expect(recap.tunnels).toMatchObject([{ outcome: 'failed', problems: [{ code: 'plan.moved-on' }] }]);
  });

  it('is refused the second time, when it is done already', async () => {
    const agreed = await agree();
    await stage.run({ tunnels, agreed });
    const { recap } = await stage.run({ tunnels, agreed });
    expect(recap.tunnels).toMatchObject([{ problems: [{ code: 'plan.moved-on', words: 'now: nothing' }] }]);
  });

  it('is for the tunnels in it and no other', async () => {
    const { recap } = await stage.run({ tunnels, agreed: new Map() });
    expect(recap.tunnels).toMatchObject([{ outcome: 'failed', problems: [{ code: 'plan.moved-on' }] }]);
  });
});
