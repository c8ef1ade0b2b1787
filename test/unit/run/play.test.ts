import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel } from '../../support/builders.ts';
import { twoRouters } from '../../support/builders-sites.ts';
import { type PlayedPlaybook, type Stage, until } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

/** gre1, gre2 … between the two routers, told apart by their keys. */
function several(count: number): readonly Tunnel[] {
  return Array.from({ length: count }, (_unused, index) => {
    const [one, other] = [`10.10.1${index}.1`, `10.10.1${index}.2`];
    return aTunnel({ name: `gre${index + 1}` }, [
      { ikey: index + 1, addresses: [`${one} peer ${other}`] },
      { ikey: index + 1, addresses: [`${other} peer ${one}`] },
    ]);
  });
}

function outcomes({ recap }: PlayedPlaybook): readonly string[] {
  return recap.plays.map(({ outcome, failedStep, tunnels }) =>
    [outcome, ...(failedStep === undefined ? [] : [`at ${failedStep}`]), ...tunnels.map((one) => `${one.tunnel} ${one.outcome}`)].join(', '),
  );
}

function steps({ events }: PlayedPlaybook): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'play-step' && event.state !== 'started' ? [`${event.batch} ${event.step} ${event.state}: ${event.tunnels.join(' ')}`] : [],
  );
}

const linksOf = (host: string) => stage.snapshots()[host]?.filter((line) => line.startsWith('link gre')) ?? [];

describe('a playbook', () => {
  it('does its steps for one batch after the other', async () => {
    const played = await stage.play({ tunnels: several(3), playbook: '- { name: all, serial: [1, 2], steps: [preflight, up, verify] }' });
    expect(steps(played)).toEqual([
      '1 preflight done: gre1',
      '1 up done: gre1',
      '1 verify done: gre1',
      '2 preflight done: gre2 gre3',
      '2 up done: gre2 gre3',
      '2 verify done: gre2 gre3',
    ]);
    expect(outcomes(played)).toEqual(['done, gre1 changed, gre2 changed, gre3 changed']);
    expect(played.recap.exitCode).toBe(0);
    expect(stage.littered).toEqual([]);
  });

  it('tells once what every step sees on a host', async () => {
    await stage.play({ tunnels: several(2), playbook: '- { name: all, steps: [up] }' });
    const { events } = await stage.play({ tunnels: several(1), playbook: '- { name: all, steps: [preflight, up, verify] }' });
    const strange = 'gre2 is the tunnel gre2, which the inventory does not have any more; --prune removes it';
    expect(events.flatMap((event) => (event.type === 'host-warning' ? [`${event.host}: ${event.message}`] : []))).toEqual([
      `router-a: ${strange}`,
      `router-b: ${strange}`,
    ]);
  });

  it('leaves a tunnel that failed out of what follows, and goes on with the others', async () => {
    const [first, second] = several(2);
    const broken = { ...second, endpoints: [{ ...second?.endpoints[0], local: '30.1.1.77' }, second?.endpoints[1]] } as Tunnel;
    const played = await stage.play({
      tunnels: [first as Tunnel, broken],
      playbook: '- { name: all, steps: [preflight, up] }\n- { name: after, steps: [verify] }',
    });
    expect(steps(played).slice(0, 2)).toEqual(['1 preflight failed: gre2', '1 up done: gre1']);
    expect(played.recap).toMatchObject({ exitCode: 1, plays: [{ outcome: 'done' }, { outcome: 'done' }] });
  });

  it.each([
    ['max_fail_percentage: 40', ['failed, at preflight, gre1 pending, gre2 failed', 'skipped']],
    ['any_errors_fatal: true', ['failed, at preflight, gre1 pending, gre2 failed', 'skipped']],
    ['max_fail_percentage: 50', ['done, gre1 changed, gre2 failed', 'done, gre1 ok, gre2 failed']],
    [
      'any_errors_fatal: true, on_failure: continue',
      ['failed, at preflight, gre1 pending, gre2 failed', 'failed, at verify, gre1 failed, gre2 failed'],
    ],
  ])('fails as it is told to: %s', async (setting, expected) => {
    const [first, second] = several(2);
    const broken = { ...second, endpoints: [{ ...second?.endpoints[0], local: '30.1.1.77' }, second?.endpoints[1]] } as Tunnel;
    const playbook = `- { name: all, ${setting}, steps: [preflight, up] }\n- { name: after, steps: [verify] }`;
    expect(outcomes(await stage.play({ tunnels: [first as Tunnel, broken], playbook }))).toEqual(expected);
  });

  it('runs commands in the transaction of the change beside them, and only where something changes', async () => {
    const playbook = `- name: all
  steps:
    - run: { hosts: router-a, command: 'mkdir -p /var/log/tunorch; echo "$TUNORCH_TUNNEL $TUNORCH_DEVICE $TUNORCH_PEER" >>/var/log/tunorch/ran', undo: 'rm /var/log/tunorch/ran' }
    - up
    - run: { command: 'mkdir -p /var/log/tunorch; cat /var/log/tunorch/ran || echo none >/var/log/tunorch/ran', undo: 'rm -f /var/log/tunorch/ran' }`;
    const first = await stage.play({ tunnels: several(1), playbook });
    expect(outcomes(first)).toEqual(['done, gre1 changed']);
    expect(stage.host('router-a').files.read('/var/log/tunorch/ran')).toBe('gre1 gre1 router-b\n');
    expect(first.scripts.filter(({ sort }) => sort === 'prepare')).toHaveLength(2);
    expect(outcomes(await stage.play({ tunnels: several(1), playbook }))).toEqual(['done, gre1 ok']);
    expect(stage.host('router-a').files.read('/var/log/tunorch/ran')).toBe('gre1 gre1 router-b\n');
  });

  it('undoes commands and tunnel when a later command is refused', async () => {
    const before = stage.snapshots();
    const playbook = `- name: all
  steps:
    - run: { hosts: router-a, command: 'mkdir -p /var/log/tunorch; echo 1 >/var/log/tunorch/ran', undo: 'rm /var/log/tunorch/ran; echo undone >/var/log/tunorch/undone' }
    - up
    - run: { hosts: router-b, command: 'mkdir -p /var/log/tunorch; echo no room >&2; false', undo: 'mkdir -p /var/log/tunorch; echo wrong >/var/log/tunorch/undone' }`;
    const played = await stage.play({ tunnels: several(1), playbook });
    expect(outcomes(played)).toEqual(['failed, at up, gre1 rolled-back']);
    expect(played.events).toContainEqual(
      expect.objectContaining({ type: 'problem', problem: expect.objectContaining({ code: 'apply.step-refused', words: 'no room' }) }),
    );
    expect(stage.host('router-a').files.read('/var/log/tunorch/undone')).toBe('undone\n');
    expect(stage.host('router-a').files.read('/var/log/tunorch/ran')).toBeUndefined();
    expect(stage.host('router-b').files.read('/var/log/tunorch/undone')).toBe('wrong\n');
    expect(stage.snapshots()).toEqual(before);
  });

  it('lets the host itself undo a command when the controller is lost', async () => {
    const playbook =
      "- name: all\n  steps: [{ run: { hosts: router-a, command: 'mkdir -p /var/log/tunorch; echo 1 >/var/log/tunorch/ran', undo: 'rm /var/log/tunorch/ran; echo undone >/var/log/tunorch/undone' } }, up]";
    const lose = (host: string, sort: string) => (host === 'router-a' && sort === 'verify' ? ('before' as const) : undefined);
    await stage.play({ tunnels: several(1), playbook, faults: { lose } });
    await until(() => stage.host('router-a').files.read('/var/log/tunorch/undone') === 'undone\n');
    expect(linksOf('router-a')).toEqual([]);
  });

  it('brings back what a batch changed when a later step fails', async () => {
    const before = stage.snapshots();
    const playbook = `- name: all
  on_failure: rollback
  serial: 1
  steps:
    - up
    - run: { hosts: router-a, command: 'mkdir -p /var/log/tunorch; echo 1 >/var/log/tunorch/ran', undo: 'rm /var/log/tunorch/ran; echo undone >/var/log/tunorch/undone' }
    - verify
    - run: { hosts: router-b, command: 'false', undo: ':' }
- { name: never, steps: [up] }`;
    const played = await stage.play({ tunnels: several(2), playbook });
    expect(steps(played)).toEqual(['1 up done: gre1', '1 verify done: gre1', '1 run failed: gre1', '1 roll back done: gre1']);
    expect(outcomes(played)).toEqual(['failed, at run, gre1 rolled-back', 'skipped']);
    expect(stage.host('router-a').files.read('/var/log/tunorch/undone')).toBe('undone\n');
    expect(stage.snapshots()).toEqual(before);
    expect(played.recap.exitCode).toBe(1);
  });

  it('brings back a tunnel that was there before a step removed it', async () => {
    const tunnels = several(1);
    await stage.run({ tunnels });
    const before = stage.snapshots();
    const playbook = "- { name: all, on_failure: rollback, steps: [down, { pause: 1 }, { run: { command: 'false', undo: ':' } }] }";
    expect(outcomes(await stage.play({ tunnels, playbook }))).toEqual(['failed, at run, gre1 rolled-back']);
    expect(stage.snapshots()).toEqual(before);
  });

  it('takes only the tunnels for which a condition holds at both ends', async () => {
    const playbook = '- { name: all, steps: [{ up: , when: "!exists && tunnel != \'gre2\'" }] }';
    expect(outcomes(await stage.play({ tunnels: several(2), playbook }))).toEqual(['done, gre1 changed']);
    expect(outcomes(await stage.play({ tunnels: several(2), playbook }))).toEqual(['done']);
  });

  it('stops where somebody says no, begins where it is told to, and with --check changes nothing', async () => {
    const playbook = '- { name: one, steps: [{ pause: "Go on?" }, up] }\n- { name: two, tunnels: gre2, steps: [up] }';
    const refused = await stage.play({ tunnels: several(2), playbook, confirm: false });
    expect([outcomes(refused), refused.recap.exitCode]).toEqual([['failed, at pause', 'skipped'], 130]);
    const checked = await stage.play({ tunnels: several(2), playbook, isCheck: true });
    expect(outcomes(checked)).toEqual(['done, gre1 pending, gre2 pending', 'done, gre2 pending']);
    expect(linksOf('router-a')).toEqual([]);
    expect(outcomes(await stage.play({ tunnels: several(2), playbook, startAt: 1 }))).toEqual(['skipped', 'done, gre2 changed']);
  });
});
