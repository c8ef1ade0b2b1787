import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsOf, typedCommand } from '../../../src/plan/commands.ts';
import type { Operation, Step } from '../../../src/plan/operation.ts';
import { applyScript, readApplied } from '../../../src/script/apply.ts';
import { inverseLine, inverseOperations } from '../../../src/script/inverse.ts';
import { type HostScript, journalText } from '../../../src/script/journal.ts';
import { prepareScript } from '../../../src/script/prepare.ts';
import { readRejoined, rejoinScript } from '../../../src/script/rejoin.ts';
import { readSettled, settleScript } from '../../../src/script/settle.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import { presenceOf } from '../../support/builders-plan.ts';
import { INVENTORY } from '../../support/builders-worlds.ts';

function scriptOf(...tunnels: readonly ReturnType<typeof aTunnel>[]): HostScript {
  return {
    host: 'router-a',
    run: 'run-1',
    tunnels: tunnels.map((tunnel) => ({
      tunnel: tunnel.name,
      steps: presenceOf(tunnel).steps.filter(({ host }) => host === 'router-a'),
      targets: [{ device: 'gre1', address: '10.10.10.2' }],
      evidence: 'peer-answers',
      asksLast: false,
    })),
  };
}

const one = scriptOf(aTunnel({}, [behind('10.1.0.0/16'), behind('10.2.0.0/16')]));
const steps: readonly Step[] = one.tunnels.flatMap((tunnel) => tunnel.steps);
const link = {
  device: 'gre1',
  mode: 'gre',
  attributes: { local: '1.1.1.1', remote: '1.1.1.2', ikey: 1, okey: 1, ttl: 64, pmtudisc: true },
  mtuBytes: 1400,
  alias: 'tunorch:gre1',
} as const;

describe('the commands of an operation', () => {
  it.each<[string, Operation, readonly string[]]>([
    ['a module', { kind: 'load-module', module: 'ip_gre' }, ['modprobe ip_gre']],
    [
      'a link, whose mark the kernel only takes afterwards',
      { kind: 'add-link', link },
      [
        'link add name gre1 mtu 1400 group 205 type gre local 1.1.1.1 remote 1.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc',
        'link set dev gre1 alias tunorch:gre1',
      ],
    ],
    [
      'a link of somebody',
      { kind: 'add-link', link: { ...link, alias: '', group: 'default' } },
      ['link add name gre1 mtu 1400 type gre local 1.1.1.1 remote 1.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc'],
    ],
    ['a setting of a link', { kind: 'set-link', device: 'gre1', name: 'txqueuelen', value: '50' }, ['link set dev gre1 txqueuelen 50']],
    ['the end of a link', { kind: 'delete-link', device: 'gre1', alias: 'tunorch:gre1' }, ['link delete dev gre1']],
    [
      'an address with a peer',
      { kind: 'add-address', device: 'gre1', address: { address: '10.0.0.1', length: 32, peer: '10.0.0.2' } },
      ['address add 10.0.0.1 peer 10.0.0.2 dev gre1'],
    ],
    [
      'an address with a peer in a network',
      { kind: 'delete-address', device: 'gre1', address: { address: '10.0.0.1', length: 24, peer: '10.0.0.2' } },
      ['address delete 10.0.0.1 peer 10.0.0.2/24 dev gre1'],
    ],
    [
      'an address in a subnet',
      { kind: 'add-address', device: 'gre1', address: { address: 'fd00::1', length: 64 } },
      ['address add fd00::1/64 dev gre1'],
    ],
    [
      'a route with everything',
      {
        kind: 'add-route',
        route: {
          to: '10.0.0.0/8',
          device: 'gre1',
          table: 100,
          metric: 5,
          protocol: 'bgp',
          type: 'unicast',
          gateway: '10.9.0.1',
          source: '10.9.0.2',
          scope: 'link',
        },
      },
      ['route add 10.0.0.0/8 via 10.9.0.1 dev gre1 table 100 metric 5 proto bgp src 10.9.0.2 scope link'],
    ],
    [
      'a name that no line of a batch can hold',
      { kind: 'add-route', route: { to: '10.0.0.0/8', device: "a#'b", table: 254, metric: 0, protocol: 'static', type: 'unicast' } },
      ["ip route add 10.0.0.0/8 dev 'a#'\\''b' table 254 metric 0 proto static"],
    ],
    ['a setting', { kind: 'set-sysctl', path: 'net/ipv4/ip_forward', value: '1' }, ['tunorch_sysctl net/ipv4/ip_forward 1']],
    [
      'forwarding that may go',
      { kind: 'release-forwarding', mark: 'ip_forward', path: 'net/ipv4/ip_forward', keepOn: ['net/ipv4/conf/eth1/forwarding'] },
      ['tunorch_release ip_forward net/ipv4/ip_forward net/ipv4/conf/eth1/forwarding'],
    ],
  ])('are those of iproute2 and the journal: %s', (_what, operation, lines) => {
    expect(commandsOf(operation).map(({ line }) => line)).toEqual(lines);
  });

  it('are shown as a person would type them', () => {
    expect(typedCommand({ kind: 'set-state', device: 'gre1', state: 'up' })).toBe('ip link set dev gre1 up');
    expect(typedCommand({ kind: 'set-alias', device: 'gre1', alias: '' })).toBe("ip link set dev gre1 alias ''");
    expect(
      typedCommand({ kind: 'release-forwarding', mark: 'ip_forward', path: 'net/ipv4/ip_forward', keepOn: ['net/ipv4/conf/eth1/forwarding'] }),
    ).toBe('sysctl -w net/ipv4/ip_forward=0 && sysctl -w net/ipv4/conf/eth1/forwarding=1');
  });
});

describe('the way back', () => {
  it('leaves out what is done to a link that is deleted anyway, and releases forwarding last', () => {
    expect(inverseOperations(steps).map(({ kind }) => kind)).toEqual(['delete-link', 'release-forwarding']);
  });

  it('deletes a link only while it carries our mark, and makes one only where its name is free', () => {
    expect(inverseLine({ kind: 'delete-link', device: 'gre1', alias: 'tunorch:gre1' })).toBe(
      'tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1',
    );
    expect(inverseLine({ kind: 'add-link', link })).toMatch(
      /^\[ -e \/sys\/class\/net\/gre1 \] \|\| \{ ip link add name gre1 .* && ip link set dev gre1 alias tunorch:gre1; \}$/,
    );
  });

  it('goes from the last step to the first', () => {
    const first: Operation = { kind: 'set-mtu', device: 'a', mtuBytes: 1 };
    const second: Operation = { kind: 'set-mtu', device: 'b', mtuBytes: 2 };
    const step = (inverse: Operation): Step => ({ host: 'h', tunnel: 't', title: '', forward: [], inverse: [inverse] });
    expect(inverseOperations([step(first), step(second)])).toEqual([second, first]);
  });
});

describe('what a host says of its steps', () => {
  const report = (text: string) => readApplied(one, `noise\n@@tunorch-apply ${text}\n`).get('gre1');

  it('is that all were done', () => {
    expect(report('1 done 0')).toEqual({ state: 'done' });
  });

  it('is that its own timer was faster', () => {
    expect(report('1 expired 0')).toEqual({ state: 'expired' });
  });

  it.each([
    [
      'the only command of a segment',
      '1 0 1\nmodprobe: FATAL: Module ip_gre not found',
      'load module ip_gre',
      'modprobe ip_gre',
      'modprobe: FATAL: Module ip_gre not found',
    ],
    [
      'a command of a batch',
      '1 1 1\nRTNETLINK answers: File exists\nCommand failed -:4',
      'add address 10.10.10.1 peer 10.10.10.2 to gre1',
      'ip address add 10.10.10.1 peer 10.10.10.2 dev gre1',
      'RTNETLINK answers: File exists',
    ],
    [
      'the second command of an operation',
      '1 1 1\nRTNETLINK answers: Operation not permitted\nCommand failed -:2',
      'add link gre1',
      undefined,
      'RTNETLINK answers: Operation not permitted',
    ],
    [
      'a batch that could not be parsed, where no line is named',
      '1 1 255\nError: argument "x" is wrong',
      'add link gre1',
      undefined,
      'Error: argument "x" is wrong',
    ],
    [
      'a setting',
      '1 2 2\nsh: cannot create /proc/sys/net/ipv4/ip_forward',
      'set sysctl net.ipv4.ip_forward to 1',
      'sysctl -w net/ipv4/ip_forward=1',
      'sh: cannot create /proc/sys/net/ipv4/ip_forward',
    ],
  ])('leads back to the step that was refused: %s', (_what, text, title, ...[command, words]) => {
    const applied = report(text);
    expect(applied).toMatchObject({ state: 'failed', step: { title }, words });
    if (command !== undefined) expect(applied).toMatchObject({ command });
  });

  it('names the steps that were done before', () => {
    const applied = report('1 1 1\nRTNETLINK answers: File exists\nCommand failed -:4');
    expect(applied?.state === 'failed' ? applied.done.map(({ title }) => title) : []).toEqual(['load module ip_gre', 'add link gre1', 'set gre1 up']);
  });

  it('is nothing where it said nothing', () => {
    expect(readApplied(one, '').size).toBe(0);
    expect(readApplied(one, '@@tunorch-apply 7 done 0\n').size).toBe(0);
  });

  it.each(['99', '-1', 'undone', '1.5', '__proto__'])('is nothing where it speaks of the segment %s, which was never sent', (segment) => {
    expect(readApplied(one, `@@tunorch-apply 1 ${segment} 1\nwords\n`).size).toBe(0);
  });
});

describe('what a host says of the verdicts', () => {
  it('is read for each tunnel by its number', () => {
    const script = scriptOf(aTunnel(), aTunnel({ name: 'gre2' }, [{ ikey: 2, addresses: ['10.11.0.1/24'] }, { ikey: 2 }]));
    const said = '@@tunorch-settle 2 undone\n@@tunorch-settle 1 committed\n@@tunorch-settle 9 lost\n@@tunorch-settle 1 nonsense\n';
    expect([...readSettled(script, said)]).toEqual([
      ['gre1', 'committed'],
      ['gre2', 'undone'],
    ]);
  });

  it.each([
    ['@@tunorch-rejoin open\n', 'open'],
    ['@@tunorch-rejoin expired\n', 'expired'],
    ['@@tunorch-rejoin gone\n', 'gone'],
    ['', 'expired'],
  ])('on meeting again is %j: %s', (said, rejoined) => {
    expect(readRejoined(said)).toBe(rejoined);
  });
});

describe('a run that is met again', () => {
  const meet = (look: string, before: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'tunorch-rejoin-'));
    const text = rejoinScript(one, look).replaceAll('/run/tunorch', folder);
    const there = `d=${folder}/$(readlink /proc/self/ns/net | tr -dc 0-9)/${one.run}; mkdir -p "$d"; ${before}`;
    const { stdout } = spawnSync('sh', ['-c', `${there}\n${text}`]);
    rmSync(folder, { recursive: true });
    return readRejoined(stdout.toString());
  };

  it.each([
    ['open', ':', 'true >"$d/journal"'],
    ['expired', ':', 'true >"$d/journal"; true >"$d/expired"'],
    ['gone', ':', 'rmdir "$d"'],
    ['expired', 'rm -rf "$tunorch_run"', 'true >"$d/journal"; true >"$d/expired"'],
  ])('is %s where the look does %s', (met, look, before) => {
    expect(meet(look, before)).toBe(met);
  });
});

describe('every script', () => {
  it('holds what was read from a host as text, whatever it is', () => {
    const alias = 'x\nTUNORCH_JOURNAL\ntouch /tmp/never\n';
    const [first, ...others] = steps;
    if (first === undefined) throw new Error('there is a first step');
    const hostile = { ...first, inverse: [{ kind: 'set-alias', device: 'gre1', alias } as const] };
    const script: HostScript = { ...one, tunnels: one.tunnels.map((tunnel) => ({ ...tunnel, steps: [hostile, ...others] })) };
    const text = prepareScript(script, { deadlineSeconds: 60, owner: 'ann' });
    expect(text).toContain("alias 'x\nTUNORCH_JOURNAL\ntouch /tmp/never\n'");
    expect(text.split('\n').filter((line) => line === 'TUNORCH_JOURNAL_run-1')).toHaveLength(1);
    expect(text).toContain("<<'TUNORCH_JOURNAL_run-1'");
  });

  it('is text that a POSIX shell can read, whatever the inventory', () => {
    fc.assert(
      fc.property(INVENTORY, fc.string(), (tunnels, owner) => {
        const script: HostScript = {
          host: 'one',
          run: 'run-1',
          tunnels: tunnels.map(({ name }) => ({
            tunnel: name,
            steps,
            targets: [{ device: name, address: '10.0.0.1' }],
            evidence: 'peer-answers',
            asksLast: false,
          })),
        };
        const verdicts = new Map(tunnels.map(({ name }) => [name, { verdict: 'commit', from: 'tentative' } as const]));
        const texts = [
          journalText(script),
          prepareScript(script, { deadlineSeconds: 60, owner: owner.replaceAll('\0', '') }),
          applyScript(script, new Set(tunnels.map(({ name }) => name)), 3),
          settleScript(script, verdicts),
          rejoinScript(script, 'echo look'),
        ].filter(() => tunnels.length > 0);
        const { stderr } = spawnSync('sh', ['-n'], { input: texts.join('\n') });
        expect(stderr.toString()).toBe('');
      }),
      { numRuns: 25 },
    );
  });
});
