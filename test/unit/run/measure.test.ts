import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage, StagedRun } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

function mtus(): readonly (number | undefined)[] {
  return ['router-a', 'router-b'].map((host) => stage.kernel(host).state.links.find(({ device }) => device === 'gre1')?.mtuBytes);
}

function told({ events }: StagedRun, type: 'path-measured' | 'host-warning' | 'tunnel-planned'): readonly unknown[] {
  return events.filter((event) => event.type === type);
}

function sorts({ scripts }: StagedRun): readonly string[] {
  return scripts.filter(({ host }) => host === 'router-a').map(({ sort }) => sort);
}

/** A tunnel whose MTU is to be found; gre with a key adds 28 bytes. */
const auto = () => {
  const { mtuBytes: _, ...tunnel } = sites();
  return tunnel;
};

describe('a tunnel without an mtu', () => {
  it('gets what the narrowest part of the path leaves, at both ends, and the plan says so', async () => {
    stage.network.mtuBytes = 1400;
    const made = await stage.run({ tunnels: [auto()] });
    expect(made.recap.tunnels).toMatchObject([{ outcome: 'changed' }]);
    expect(mtus()).toEqual([1372, 1372]);
    expect(told(made, 'path-measured')).toMatchObject([
      { host: 'router-a', to: '30.1.1.2', mtuBytes: 1400, linkMtuBytes: 1500 },
      { host: 'router-b', to: '30.1.1.1', mtuBytes: 1400, linkMtuBytes: 1500 },
    ]);
    expect(told(made, 'tunnel-planned')).toMatchObject([{ mtuBytes: 1372 }]);
  });

  it('costs one round trip more where something is to be done, and none where nothing is', async () => {
    stage.network.mtuBytes = 1400;
    expect(sorts(await stage.run({ tunnels: [auto()] }))).toEqual(['gather', 'measure', 'prepare', 'apply', 'verify', 'settle', 'finish']);
    const again = await stage.run({ tunnels: [auto()] });
    expect(again.recap.tunnels).toMatchObject([{ outcome: 'ok', changes: 0 }]);
    expect(sorts(again)).toEqual(['gather']);
  });

  it('is well by verify with the MTU that was measured, and drifted with another', async () => {
    stage.network.mtuBytes = 1400;
    await stage.run({ tunnels: [auto()] });
    expect((await stage.run({ tunnels: [auto()], command: 'verify' })).recap.tunnels).toMatchObject([{ outcome: 'ok' }]);
    stage.host('router-a').type('link set dev gre1 mtu 1300');
    expect((await stage.run({ tunnels: [auto()], command: 'verify' })).recap.tunnels).toMatchObject([
      { outcome: 'failed', problems: [{ code: 'verify.drift', message: expect.stringContaining('mtu 1300 → 1372') }] },
    ]);
  });

  it('is found by search where no router says what it carries', async () => {
    stage.network.mtuBytes = 1413;
    stage.network.underlay = 'black-hole';
    await stage.run({ tunnels: [auto()] });
    expect(mtus()).toEqual([1385, 1385]);
  });

  it('is measured anew when the run changes something else, and grows with the path', async () => {
    stage.network.mtuBytes = 1400;
    await stage.run({ tunnels: [auto()] });
    stage.network.mtuBytes = 1500;
    await stage.run({ tunnels: [{ ...auto(), ttl: 77 }] });
    expect(mtus()).toEqual([1472, 1472]);
  });

  it('is shown by plan as it would be made', async () => {
    stage.network.mtuBytes = 1400;
    expect(told(await stage.run({ tunnels: [auto()], isCheck: true }), 'tunnel-planned')).toMatchObject([{ mtuBytes: 1372 }]);
    expect(mtus()).toEqual([undefined, undefined]);
  });

  it('takes the links’ MTU and says so where nothing answers beside the tunnel', async () => {
    stage.network.underlay = 'silent';
    const made = await stage.run({ tunnels: [auto()] });
    expect(mtus()).toEqual([1472, 1472]);
    expect(told(made, 'host-warning')).toMatchObject([
      { host: 'router-a', message: expect.stringContaining('30.1.1.2 answers no echo request') },
      { host: 'router-b', message: expect.stringContaining('30.1.1.1 answers no echo request') },
    ]);
  });

  it('takes the links’ MTU and says so where ping cannot forbid fragmentation', async () => {
    stage.network.hasPingDf = false;
    const made = await stage.run({ tunnels: [auto()] });
    expect(made.recap.tunnels).toMatchObject([{ outcome: 'changed' }]);
    expect(mtus()).toEqual([1472, 1472]);
    expect(told(made, 'host-warning')).toMatchObject([{ message: expect.stringContaining('-M do') }, { message: expect.stringContaining('-M do') }]);
  });

  it('is refused where the path leaves less than IPv6 needs', async () => {
    stage.network.mtuBytes = 1300;
    const [first, second] = auto().endpoints;
    const ipv6 = [
      { address: 'fd00::1', length: 64 },
      { address: 'fd00::2', length: 64 },
    ] as const;
    const refused = await stage.run({
      tunnels: [
        {
          ...auto(),
          endpoints: [
            { ...first, addresses: [ipv6[0]] },
            { ...second, addresses: [ipv6[1]] },
          ],
        },
      ],
    });
    expect(refused.recap.tunnels).toMatchObject([{ outcome: 'failed', problems: [{ code: 'plan.path-too-narrow' }] }]);
    expect(mtus()).toEqual([undefined, undefined]);
  });
});

it('a tunnel with an mtu is not measured', async () => {
  expect(sorts(await stage.run({ tunnels: [{ ...auto(), mtuBytes: 1300 }] }))).not.toContain('measure');
  expect(mtus()).toEqual([1300, 1300]);
});
