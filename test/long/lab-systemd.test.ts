import { beforeAll, describe, expect, it } from 'vitest';
import { powerCycle, reboot } from '../../src/lab/faults.ts';
import { OPS_PASSWORD } from '../../src/lab/lab.ts';
import { findGuest } from '../../src/lab/lab-inventory.ts';
import { closeSshMasters } from '../../src/lab/lab-state.ts';
import { resetLab } from '../../src/lab/stage.ts';
import { type Scene, stageSystemd } from '../e2e/support/shared-lab.ts';

const LEAVE_SLEEPER = 'sudo setsid sleep 4242 </dev/null >/dev/null 2>&1 &';
const LEAVE_UNIT = 'sudo systemd-run --quiet --unit=lab-sleeper sleep 4243';

const KILL_USER_PROCESSES = `
mkdir -p /etc/systemd/logind.conf.d
printf '[Login]\\nKillUserProcesses=yes\\n' > /etc/systemd/logind.conf.d/lab.conf
systemctl restart systemd-logind`;

/** Waits in the guest until the last login of the user has ended, as logind sees it. */
const untilLoggedOut = `for try in $(seq 100); do loginctl show-user deploy >/dev/null 2>&1 || exit 0; sleep 0.2; done; exit 1`;

/** What a guest's network and its managers are at this moment, without what only counts or ticks. */
async function stateOf(scene: Scene, host: string): Promise<string> {
  const reads = ['ip -br address', 'ip route show table all', 'cut -d" " -f1 /proc/modules | sort', 'find /etc -newer /etc/lab/image -type f | sort'];
  const services = 'systemctl is-active NetworkManager systemd-networkd networking; systemctl list-units --no-legend "run-*.service" "tunorch*"';
  return (await scene.exec(host, [...reads, services].join('\n'))).stdout;
}

describe('guests with systemd', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await stageSystemd();
  });

  it('run systemd, with nothing failed, and have the managers off', async () => {
    const { stdout } = await scene.exec(
      'server-a',
      'cat /proc/1/comm; systemctl --failed --no-legend; for p in nmcli netplan networkctl ifup; do command -v $p; done',
    );
    expect(stdout.trim().split('\n')).toEqual(['systemd', '/usr/bin/nmcli', '/usr/sbin/netplan', '/usr/bin/networkctl', '/usr/sbin/ifup']);
    expect((await scene.exec('server-a', 'ping -n -c 1 -w 8 30.2.1.2')).status).toBe(0);
  });

  it('let the four users in, each in a session of its own', async () => {
    const { stdout } = await scene.exec('server-a', `sudo -S -p '' id -u; cat /proc/self/cgroup`, { user: 'ops', stdin: `${OPS_PASSWORD}\n` });
    expect(stdout).toMatch(/^0\n0::\/user\.slice\/user-\d+\.slice\/session-\d+\.scope\n$/);
    expect((await scene.exec('server-a', 'sudo -n id -u', { user: 'deploy' })).stdout).toBe('0\n');
    expect((await scene.exec('server-a', 'sudo -n id -u', { user: 'plain' })).status).toBe(1);
  });

  it('are reset to what they were after a login left things behind', async () => {
    await resetLab(scene.lab);
    const clean = await stateOf(scene, 'server-b');
    const dirt = [
      'sudo ip link add gre1 type gre local 30.2.1.2 remote 30.2.1.1',
      'sudo systemctl start NetworkManager systemd-networkd',
      'sudo systemd-run --quiet sleep 4244; echo blacklist ipip | sudo tee /etc/modprobe.d/x.conf >/dev/null',
      'sudo setsid sleep 4245 </dev/null >/dev/null 2>&1 &',
    ];
    expect(await scene.exec('server-b', dirt.join('\n'), { user: 'deploy' })).toMatchObject({ status: 0, stderr: '' });
    expect(await stateOf(scene, 'server-b')).not.toBe(clean);
    await resetLab(scene.lab);
    expect(await stateOf(scene, 'server-b')).toBe(clean);
    expect((await scene.exec('server-b', 'pgrep -a sleep')).stdout).toBe('');
  });

  it('end what a login left running when logind is told to, but no unit', async () => {
    scene = await stageSystemd();
    await scene.exec('server-a', KILL_USER_PROCESSES);
    await scene.exec('server-a', `${LEAVE_SLEEPER}\n${LEAVE_UNIT}`, { user: 'deploy' });
    await closeSshMasters(scene.lab, findGuest(scene.lab, 'server-a'));
    expect((await scene.exec('server-a', untilLoggedOut)).status).toBe(0);
    expect((await scene.exec('server-a', 'pgrep -af "sleep 424[23]"')).stdout).toMatch(/^\d+ \S*sleep 4243\n$/);
  });

  it('keep what was written over a reboot, and over a power cut what reached the disk', async () => {
    scene = await stageSystemd();
    await scene.exec('server-b', 'echo kept > /etc/tunorch-test; sync /etc/tunorch-test; ip link add gre1 type gre local 30.2.1.2 remote 30.2.1.1');
    for (const again of [reboot, powerCycle]) {
      await again(scene.lab, 'server-b');
      expect((await scene.exec('server-b', 'cat /etc/tunorch-test; hostname; ls /sys/class/net')).stdout).toBe('kept\nserver-b\neth0\neth1\nlo\n');
    }
    await scene.exec('server-b', 'rm /etc/tunorch-test');
    expect((await scene.exec('server-b', 'ping -n -c 1 -w 8 30.2.1.1')).status).toBe(0);
  });
});
