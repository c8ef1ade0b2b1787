import { describe, expect, it } from 'vitest';
import { expectationsOf } from '../../../src/verify/expectation.ts';
import { judge } from '../../../src/verify/judge.ts';
import { type Echo, probeScript, readProbes } from '../../../src/verify/probe.ts';
import { anObservedHost, aTunnel, behind } from '../../support/builders.ts';
import { BUSYBOX, GOOD, NO_DEVICE, SILENT, SOME_LOST } from './ping-words.ts';

describe('what ping prints', () => {
  it('is read as what was sent, what came back and how long it took', () => {
    expect(readProbes(GOOD)).toMatchObject([
      { sort: 'full-size', target: '10.10.10.2', sent: 2, received: 2, mtuBytes: 1472 },
      { sort: 'echo', target: 'fd00:10::2', sent: 3, received: 3, rttMs: { min: 14.157, avg: 45.846, max: 105.993 } },
      { sort: 'echo', target: '10.10.10.2', sent: 3, received: 3, rttMs: { min: 18.096, avg: 20.221, max: 24.395 }, jitterMs: 2.951 },
    ]);
  });

  it('is read in the words of BusyBox as well', () => {
    const [heard, silent] = readProbes(BUSYBOX);
    expect(heard).toMatchObject({ sent: 3, received: 3, rttMs: { min: 1.819, avg: 8.612, max: 14.715 } });
    expect(silent).toMatchObject({ sent: 2, received: 0 });
    expect([heard?.jitterMs, silent?.rttMs]).toEqual([undefined, undefined]);
  });

  it('tells of losses', () => {
    expect(readProbes(SOME_LOST)).toMatchObject([{ sent: 3, received: 2 }]);
    expect(readProbes(SILENT)).toMatchObject([{ sent: 3, received: 0 }]);
  });

  it('keeps its words where it could not even send', () => {
    expect(readProbes(NO_DEVICE)).toMatchObject([
      { sent: 0, received: 0, mtuBytes: 0, words: "ping: invalid argument: '-28': out of range: 0 <= value <= 2147483647" },
      { sent: 0, received: 0, words: 'ping: SO_BINDTODEVICE gre1: No such device' },
    ]);
  });

  it('is nothing where it printed nothing', () => {
    expect(readProbes('')).toEqual([]);
  });
});

const tunnel = aTunnel({}, [
  { addresses: ['10.10.10.1 peer 10.10.10.2', 'fd00::1/64'] },
  { addresses: ['10.10.10.2 peer 10.10.10.1', 'fd00::2/64', '10.8.0.2/24'] },
]);

describe('what has to be heard', () => {
  it('is the peer’s first address of each family that both ends have', () => {
    expect(expectationsOf(tunnel)).toMatchObject([
      { host: 'router-a', peerHost: 'router-b', device: 'gre1', targets: ['10.10.10.2', 'fd00::2'] },
      { host: 'router-b', peerHost: 'router-a', device: 'gre1', targets: ['10.10.10.1', 'fd00::1'] },
    ]);
  });

  it('is each declared target behind the peer, and the peer’s own address in each of its networks where its links are known', () => {
    const verify = { count: 3, intervalSeconds: 0.2, maxLossPercent: 0, targets: ['10.2.1.2', '10.1.1.2'] };
    const routed = aTunnel({ verify }, [behind('10.1.1.0/24'), behind('10.2.1.0/24', '10.3.0.0/16')]);
    const lan = { device: 'lan0', isUp: true, mtuBytes: 1500, attributes: {}, addresses: [{ address: '10.2.1.1', length: 24, isKernelMade: false }] };
    const observed = new Map([['router-b', anObservedHost({ host: 'router-b', links: [lan] })]]);
    expect(expectationsOf(routed, observed).map(({ beyond }) => beyond)).toEqual([['10.2.1.2', '10.2.1.1'], ['10.1.1.2']]);
    expect(expectationsOf(routed).map(({ beyond }) => beyond)).toEqual([['10.2.1.2'], ['10.1.1.2']]);
  });

  it('is nothing where the ends have no family in common', () => {
    const [first] = expectationsOf(aTunnel({}, [{ addresses: ['10.0.0.1/24'] }, { addresses: ['fd00::2/64'] }]));
    expect(first?.targets).toEqual([]);
  });
});

describe('the script that asks', () => {
  const [expectation] = expectationsOf(tunnel);
  const script = probeScript(expectation === undefined ? [] : [expectation], () => 'echo heard');

  it('pings each target through the device, as often as the rules say', () => {
    expect(script).toContain('ping -n -q -W 2 -I gre1 -c 3 -i 0.2 10.10.10.2 &');
    expect(script).toContain('ping -n -q -W 2 -I gre1 -c 3 -i 0.2 fd00::2 &');
  });

  it('sends a packet of the whole MTU that may not be fragmented, for each family’s headers', () => {
    expect(script).toContain("df='-M do'");
    expect(script).toMatch(/-c 3 -i 0\.2 \$df -s "\$\(\(mtu - 28\)\)" 10\.10\.10\.2 &/);
    expect(script).toMatch(/-c 3 -i 0\.2 \$df -s "\$\(\(mtu - 48\)\)" fd00::2 &/);
  });
});

const expectations = expectationsOf(aTunnel({ verify: { count: 10, intervalSeconds: 0.1, maxLossPercent: 20, maxRttMs: 50 } }));

function echo(target: string, fields: Partial<Echo> = {}): Echo {
  const { sent = 10, received = 10, rttMs = { min: 1, avg: 2, max: 3 }, ...rest } = fields;
  return { tunnel: 'gre1', sort: 'echo', target, sent, received, mtuBytes: 1472, words: 'words', ...(received === 0 ? {} : { rttMs }), ...rest };
}

function fullSize(target: string, received = 2): Echo {
  return echo(target, { sort: 'full-size', sent: 2, received });
}

/** Router-a hears what is given; router-b hears everything. */
function judged(...first: readonly Echo[]) {
  const second = [echo('10.10.10.1'), fullSize('10.10.10.1')];
  return judge(
    expectations,
    new Map([
      ['router-a', first],
      ['router-b', second],
    ]),
  );
}

describe('the judgement', () => {
  it('is healthy where both ends hear each other, small and large', () => {
    expect(judged(echo('10.10.10.2'), fullSize('10.10.10.2'))).toMatchObject({ problems: [], degradations: [] });
  });

  it('is broken where one end hears nothing, and quotes ping', () => {
    expect(judged(echo('10.10.10.2', { received: 0 }), fullSize('10.10.10.2', 0)).problems).toMatchObject([
      {
        code: 'verify.no-reply',
        host: 'router-a',
        message: 'router-b does not answer through gre1: 10 packets sent to 10.10.10.2, none came back',
        words: 'words',
      },
    ]);
  });

  it('is broken where an end could not be asked', () => {
    expect(judged().problems).toMatchObject([{ code: 'verify.no-reply', host: 'router-a' }]);
    expect(judge(expectations, new Map()).problems).toHaveLength(2);
  });

  it('is broken where only small packets get through', () => {
    expect(judged(echo('10.10.10.2'), fullSize('10.10.10.2', 0)).problems).toMatchObject([
      { code: 'verify.full-size-lost', message: 'small packets reach router-b, but none of 1472 bytes, the MTU of gre1' },
    ]);
  });

  it('is well with a lost packet of full size, if another came through', () => {
    expect(judged(echo('10.10.10.2'), fullSize('10.10.10.2', 1)).problems).toEqual([]);
  });

  it.each([
    [8, []],
    [7, ['verify.loss']],
    [1, ['verify.loss']],
  ])('with %i of 10 packets back and 20 %% allowed has degradations %j', (received, codes) => {
    const { problems, degradations } = judged(echo('10.10.10.2', { received }), fullSize('10.10.10.2'));
    expect(problems).toEqual([]);
    expect(degradations.map(({ code }) => code)).toEqual(codes);
  });

  it('is degraded where packets take longer than allowed', () => {
    const slow = echo('10.10.10.2', { rttMs: { min: 40, avg: 51, max: 90 } });
    expect(judged(slow, fullSize('10.10.10.2')).degradations).toMatchObject([{ code: 'verify.rtt', host: 'router-a' }]);
  });

  it('says so where there is nobody to hear', () => {
    const nobody = expectationsOf(aTunnel({}, [{ addresses: [] }, {}]));
    expect(judge(nobody, new Map()).problems.map(({ code }) => code)).toEqual(['verify.no-target', 'verify.no-target']);
  });

  it('takes no echo of another tunnel for its own', () => {
    expect(judged({ ...echo('10.10.10.2'), tunnel: 'gre2' }).problems).toMatchObject([{ code: 'verify.no-reply' }]);
  });
});
