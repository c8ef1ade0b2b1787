import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { OPS_PASSWORD } from '../../src/lab/lab.ts';
import { labScript } from '../../src/lab/ssh.ts';
import { expectAll, tunorch, tunorchText } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Draft, fromEnvironment, OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

/** Looks for the secret, again and again, in whatever a process shows to others and in the files of a run. */
const WATCH = `umask 077; cat >/run/watch.secret
{ while [ ! -e /run/watch.stop ]; do
    echo round
    grep -alsF -f /run/watch.secret /proc/[0-9]*/cmdline /proc/[0-9]*/environ
    grep -rlsF -f /run/watch.secret /run/tunorch
    ps -eo args= | grep -F -f /run/watch.secret
  done; } </dev/null >/run/watch.log 2>&1 &`;

const UNWATCH = `touch /run/watch.stop; grep -rlsF -f /run/watch.secret --exclude=watch.secret /run /tmp /var /home /root /etc /dev/shm
cat /run/watch.log; rm -f /run/watch.*`;

const SUDO_PASSWORD = { ansible_user: 'ops', ansible_become: true, ansible_become_password: fromEnvironment('OPS_SUDO_PASSWORD') };
const NO_PASSWORD = { ansible_user: 'deploy', ansible_become: true };

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

function inventoryWith(onA: Draft, onB: Draft): Promise<string> {
  return scenario.write(({ all: { hosts } }) => {
    Object.assign(hosts['host-a'], onA);
    Object.assign(hosts['host-b'], onB);
  });
}

beforeAll(async () => {
  scenario = await stageExample('two-hosts');
  before = await scenario.look();
});

describe('a user who becomes root by sudo', () => {
  it('brings tunnels up and down, with a password on one host and without on the other', async () => {
    const inventory = await inventoryWith(SUDO_PASSWORD, NO_PASSWORD);
    for (const [command, outcome] of [
      ['up', 'changed'],
      ['up', 'ok'],
      ['verify', 'ok'],
      ['down', 'changed'],
    ] as const)
      expectAll(await tunorch([command, inventory], { env: OPS_ENVIRONMENT }), outcome);
    await expectUnchanged(scenario.lab, before);
  });

  it('may give a password to a sudo that does not ask, and to root who needs no sudo', async () => {
    const password = { ansible_become_password: SUDO_PASSWORD.ansible_become_password };
    const inventory = await inventoryWith({ ...NO_PASSWORD, ...password }, { ansible_user: 'root', ansible_become: true, ...password });
    expectAll(await tunorch(['up', inventory, '--check'], { env: OPS_ENVIRONMENT }), 'pending');
    await expectUnchanged(scenario.lab, before);
  });
});

describe('the password of sudo', () => {
  it('is in no output, no file, no command line and no environment of the host', async () => {
    const inventory = await inventoryWith(SUDO_PASSWORD, NO_PASSWORD);
    onTestFinished(async () => void (await scenario.sh('host-a', 'touch /run/watch.stop; rm -f /run/watch.*')));
    expect(await labScript(scenario.lab, 'host-a', WATCH, { stdin: `${OPS_PASSWORD}\n` })).toMatchObject({ status: 0 });
    const up = await tunorch(['up', inventory, '-vvv', '--diff'], { env: OPS_ENVIRONMENT });
    const down = await tunorchText(['down', inventory, '-vvv'], OPS_ENVIRONMENT);
    const seen = (await scenario.sh('host-a', UNWATCH)).split('\n').filter((line) => line !== '');
    expect(seen.filter((line) => line !== 'round')).toEqual([]);
    expect(seen.length).toBeGreaterThan(3);
    expectAll(up, 'changed');
    expect(down.status).toBe(0);
    expect(up.stderr).toContain('host-a: logged in');
    for (const said of [up.stdout, up.stderr, down.stdout, down.stderr]) expect(said).not.toContain(OPS_PASSWORD);
    await expectUnchanged(scenario.lab, before);
  });
});
