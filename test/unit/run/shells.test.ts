import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { until } from '../../support/fake-host-stage.ts';
import type { ScriptSort } from '../../support/fake-host-transport.ts';

/** A busybox that was built to prefer its own programs would find its own `ip`, which is that of this machine. */
function usesPathOnly(shell: string): boolean {
  return spawnSync(shell, ['-c', 'PATH=/nowhere; ip help'], { argv0: 'sh' }).status === 127;
}

/** What `/bin/sh` is on Debian, Red Hat, Alpine and OpenWrt, and where somebody likes ksh; those this machine has. */
const SHELLS = ['dash', 'bash', 'busybox', 'mksh']
  .flatMap((name) =>
    ['/bin', '/usr/bin']
      .map((folder) => `${folder}/${name}`)
      .filter((path) => existsSync(path))
      .slice(0, 1),
  )
  .filter(usesPathOnly);

const timeout = 60_000;

describe.each(SHELLS)('on hosts whose sh is %s', (shell) => {
  function aStage() {
    const stage = twoRouters({}, {}, shell);
    onTestFinished(() => stage.close());
    return stage;
  }

  it('a tunnel is made, found well, and removed without a trace', { timeout }, async () => {
    const stage = aStage();
    const before = stage.snapshots();
    expect((await stage.run({ tunnels: [sites()] })).recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'changed' }] });
    expect((await stage.run({ tunnels: [sites()] })).recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok' }] });
    expect((await stage.run({ tunnels: [sites()], command: 'down' })).recap.exitCode).toBe(0);
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it('a refused step takes both ends back', { timeout }, async () => {
    const stage = aStage();
    const before = stage.snapshots();
    stage.kernel('router-b').refuse({ after: 3 });
    expect((await stage.run({ tunnels: [sites()] })).recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(stage.snapshots()).toEqual(before);
    expect(stage.littered).toEqual([]);
  });

  it.each([
    ['the session ends by itself', 'after'],
    ['the shell is killed, and only the timer is left', 'killed'],
  ] as const)('a lost connection takes both ends back: %s', { timeout }, async (_how, loss) => {
    const stage = aStage();
    const before = stage.snapshots();
    let isLost = false;
    const lose = (host: string, sort: ScriptSort) => {
      if (isLost || host !== 'router-b' || sort !== 'apply') return undefined;
      isLost = true;
      return loss;
    };
    const { recap } = await stage.run({ tunnels: [sites()], deadlineSeconds: 2, faults: { lose } });
    expect([1, 4]).toContain(recap.exitCode);
    await until(() => stage.littered.length === 0, 20);
    expect(stage.snapshots()).toEqual(before);
  });
});
