import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { HostFailure } from '../../../src/errors/host-failure.ts';
import type { TunnelOutcome } from '../../../src/run/events.ts';
import { questionsFor } from '../../../src/run/gather.ts';
import { hostsOf, independentGroups } from '../../../src/run/groups.ts';
import { exitCodeOf, recapOf } from '../../../src/run/recap.ts';
import { summaryOf } from '../../../src/run/summary.ts';
import { aTunnel } from '../../support/builders.ts';
import { aRequest } from '../../support/builders-run.ts';

function between(name: string, first: string, second: string): Tunnel {
  return aTunnel({ name }, [{ host: first }, { host: second }]);
}

describe('independent groups', () => {
  it('have no host in common', () => {
    const groups = independentGroups([between('t1', 'a', 'b'), between('t2', 'c', 'd'), between('t3', 'b', 'e')]);
    expect(groups.map(({ hosts, tunnels }) => [hosts, tunnels.map(({ name }) => name)])).toEqual([
      [
        ['a', 'b', 'e'],
        ['t1', 't3'],
      ],
      [['c', 'd'], ['t2']],
    ]);
  });

  it('are joined by a tunnel that comes late', () => {
    expect(independentGroups([between('t1', 'a', 'b'), between('t2', 'c', 'd'), between('t3', 'd', 'a')])).toHaveLength(1);
  });

  it('hold every tunnel once, and each host in one group only', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        const tunnels = pairs.map(([a, b], index) => between(`t${index}`, `h${a}`, `h${b}`));
        const groups = independentGroups(tunnels);
        expect(groups.flatMap((group) => group.tunnels).toSorted((a, b) => tunnels.indexOf(a) - tunnels.indexOf(b))).toEqual(tunnels);
        const hosts = groups.flatMap((group) => group.hosts);
        expect(hosts.toSorted()).toEqual([...hostsOf(tunnels)].toSorted());
        expect(new Set(hosts).size).toBe(hosts.length);
      }),
    );
  });
});

describe('the exit code', () => {
  const quiet = { isInterrupted: false, hasUnreachableHost: false, hasDetailedExitCode: false };
  const codeOf = (outcomes: readonly TunnelOutcome[], options: Partial<typeof quiet> = {}) =>
    exitCodeOf(
      outcomes.map((outcome, index) => ({ tunnel: `t${index}`, outcome, changes: 0, problems: [] })),
      { ...quiet, ...options },
    );

  it.each<[number, readonly TunnelOutcome[]]>([
    [0, []],
    [0, ['ok', 'changed']],
    [0, ['pending']],
    [1, ['changed', 'rolled-back']],
    [1, ['failed', 'ok']],
    [1, ['failed', 'unreachable']],
    [4, ['unreachable', 'changed']],
    [5, ['rollback-incomplete', 'rolled-back', 'unreachable']],
    [6, ['degraded', 'ok']],
    [1, ['degraded', 'failed']],
  ])('is %i for %j', (code, outcomes) => {
    expect(codeOf(outcomes)).toBe(code);
  });

  it('is 2 for pending changes only where that was asked for', () => {
    expect(codeOf(['pending', 'ok'], { hasDetailedExitCode: true })).toBe(2);
    expect(codeOf(['changed'], { hasDetailedExitCode: true })).toBe(0);
  });

  it('is 130 where the run was interrupted, unless a rollback is incomplete', () => {
    expect(codeOf(['rolled-back'], { isInterrupted: true })).toBe(130);
    expect(codeOf(['rollback-incomplete'], { isInterrupted: true })).toBe(5);
  });

  it('is 4 where a host that no tunnel speaks for stayed away', () => {
    expect(codeOf(['ok'], { hasUnreachableHost: true })).toBe(4);
  });
});

describe('the recap', () => {
  it('counts each host’s ends of tunnels by what became of them', () => {
    const tunnels = [between('t1', 'a', 'b'), between('t2', 'a', 'c')].map(summaryOf);
    const recaps = [
      { tunnel: 't1', outcome: 'changed', changes: 4, problems: [] },
      { tunnel: 't2', outcome: 'rolled-back', changes: 4, problems: [] },
    ] as const;
    const recap = recapOf({
      tunnels,
      recaps,
      unreachableHosts: new Set(['c']),
      loadedModules: new Map([['a', ['ip_gre']]]),
      elapsedMs: 5,
      exitCode: 1,
    });
    expect(recap.hosts).toEqual([
      { host: 'a', ok: 0, changed: 1, failed: 0, rolledBack: 1, isUnreachable: false, loadedModules: ['ip_gre'] },
      { host: 'b', ok: 0, changed: 1, failed: 0, rolledBack: 0, isUnreachable: false, loadedModules: [] },
      { host: 'c', ok: 0, changed: 0, failed: 0, rolledBack: 1, isUnreachable: true, loadedModules: [] },
    ]);
  });
});

describe('what is asked of a host', () => {
  it('is all that its tunnels need: devices, networks from both ends, modules once, ways to the peers', () => {
    const tunnels = [
      aTunnel({}, [{ networks: ['10.1.0.0/16'], routes: [{ to: '10.7.0.0/16' }] }, { networks: ['10.2.0.0/16'] }]),
      aTunnel({ name: 'tun2', mode: 'ipip' }, [{ local: '30.1.1.8' }, { host: 'router-c', local: '30.1.1.3' }]),
    ];
    expect(questionsFor('router-a', tunnels, aRequest({ tunnels }))).toMatchObject({
      host: 'router-a',
      devices: ['gre1', 'tun2'],
      prefixes: ['10.7.0.0/16', '10.2.0.0/16'],
      modules: ['ip_gre', 'ipip'],
      lookups: [
        { to: '30.1.1.2', from: '30.1.1.1' },
        { to: '30.1.1.3', from: '30.1.1.8' },
      ],
    });
    expect(questionsFor('router-c', tunnels, aRequest({ tunnels })).devices).toEqual(['tun2']);
  });
});

describe('a host failure', () => {
  it('says host, code and what, and whether to try again', () => {
    const failure = new HostFailure({ code: 'ssh.timeout', host: 'router-a', message: 'no answer', hint: 'look' });
    expect(failure.message).toBe('router-a: ssh.timeout: no answer');
    expect(failure.isRetryable).toBe(true);
    expect(new HostFailure({ code: 'become.refused', host: 'a', message: 'm', hint: 'h' }).isRetryable).toBe(false);
  });
});
