import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTunnel } from '../../support/builders.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { type Stage, type StagedRun, until } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = twoRouters();
  await stage.run({ tunnels: [sites()] });
});
afterEach(() => stage.close());

const tunnels = [sites()];

/** What each transaction's journal says of a removal whose last word is lost: the addresses its old ends ask, none where it is not asked. */
function askedIn({ scripts }: Pick<StagedRun, 'scripts'>): readonly string[] {
  return scripts
    .filter(({ sort }) => sort === 'prepare')
    .map(({ text }) =>
      text.includes('tunorch_again_1() {') ? (/tunorch_peer_1\(\) \{.* \{ tunorch_hears (.*); \}; \}/.exec(text)?.[1] ?? '') : 'none',
    );
}

describe('the old ends of a removal', () => {
  it('ask each other’s addresses as they are, whatever is declared by now', async () => {
    const moved = [aTunnel({ mtuBytes: 1472 }, [{ addresses: ['10.77.0.1/30'] }, { addresses: ['10.77.0.2/30'] }])];
    const { recap, scripts } = await stage.run({ tunnels: moved, command: 'down' });
    expect(recap.exitCode).toBe(0);
    expect(askedIn({ scripts })).toEqual(['gre1 10.10.10.2', 'gre1 10.10.10.1']);
  });

  it('are not asked where one of them is gone already', async () => {
    stage.kernel('router-b').ip(['link', 'delete', 'dev', 'gre1']);
    expect(askedIn(await stage.run({ tunnels, command: 'down' }))).toEqual(['none', 'none']);
  });

  it('are not asked where a command belongs to the removal, which is not to run twice', async () => {
    const played = await stage.play({ tunnels, playbook: "- { name: all, steps: [{ run: { command: 'true', undo: ':' } }, down] }" });
    expect(played.recap.exitCode).toBe(0);
    expect(new Set(askedIn(played))).toEqual(new Set(['none']));
  });

  it('are not asked where a playbook brings back a link that another has replaced', async () => {
    const ipip = [aTunnel({ name: 'gre1', mode: 'ipip', mtuBytes: 1472 })];
    const playbook = "- { name: all, on_failure: rollback, steps: [up, { pause: 1 }, { run: { command: 'false', undo: ':' } }] }";
    const before = stage.snapshots();
    const played = await stage.play({ tunnels: ipip, playbook });
    expect(stage.snapshots()).toEqual(before);
    expect(askedIn(played).length).toBeGreaterThan(3);
    expect(new Set(askedIn(played))).toEqual(new Set(['none']));
  });

  it('stay, whole, where somebody was heard until the link was down', { timeout: 60_000 }, async () => {
    const before = stage.snapshots()['router-a'];
    stage.host('router-a').files.receivedPackets = 1;
    let isLost = false;
    const lose = (host: string, sort: string) => {
      if (host !== 'router-a' || sort !== 'finish') return undefined;
      isLost = true;
      return 'before';
    };
    await stage.run({ tunnels, command: 'down', deadlineSeconds: 4, faults: { lose, isReachable: (host) => host !== 'router-a' || !isLost } });
    await until(() => stage.littered.length === 0, 40);
    expect(isLost).toBe(true);
    expect(stage.snapshots()['router-a']).toEqual(before);
  });
});
