import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Become } from '../../src/domain/host.ts';
import { Secret } from '../../src/domain/secret.ts';
import { type Account, makeAccount } from './accounts.ts';
import { describeOpenSsh, failureOf, uidOf } from './fixture.ts';
import { privateEtc } from './private-etc.ts';
import { makeFolder, publicKeyOf, removeFolder, type Sshd, startSshd } from './sshd.ts';

const ROOT_PASSWORD = `r00t "of" $this 'host'`;
const DOAS = '/usr/bin/doas';
if (!existsSync(DOAS)) process.stderr.write(`\nSKIPPED: nothing is tested against a real doas: ${DOAS} is not there: apt-get install opendoas\n\n`);

describeOpenSsh('root rights by other ways than the plain sudo', (lab) => {
  const folder = makeFolder();
  const account = (...sudoers: string[]) => makeAccount({ home: lab.home, sudoers });
  let sshd: Sshd;
  let asked: Account;
  let free: Account;
  let plain: Account;
  beforeAll(async () => {
    asked = account('Defaults:USER targetpw, timestamp_timeout=0', 'USER ALL=(ALL) ALL');
    [free, plain] = [account(), account()];
    const below = privateEtc({ folder, rootPassword: ROOT_PASSWORD, doas: [`permit ${asked.name} as root`, `permit nopass ${free.name} as root`] });
    sshd = await startSshd({ folder, authorizedKeys: [publicKeyOf(lab.key)], below });
  });
  afterAll(async () => {
    await sshd.stop();
    for (const one of [asked, free, plain]) one.remove();
    removeFolder(folder);
  });

  const vars = (user: Account, become: Become) => lab.vars({ port: sshd.port, user: user.name, privateKeyFile: lab.key, become });
  const by = (method: Become['method'], password?: string): Become => ({
    method,
    ...(password === undefined ? {} : { password: new Secret(password) }),
  });
  const connect = async (user: Account, become: Become) => {
    lab.writeKnownHosts(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
    return lab.transport().connect({ name: 'router-a', connection: vars(user, become) }, undefined, 'echo said >&2');
  };

  /** A root shell on the session's own streams: nothing is echoed or added, every byte passes. */
  async function expectRoot(user: Account, become: Become): Promise<void> {
    const session = await connect(user, become);
    expect(await session.opening).toEqual({ status: 0, stdout: '', stderr: 'said\n' });
    expect(await session.run(`id -u; echo "$LC_ALL $(umask)"; printf 'é\\r\\n\\004\\n'`)).toEqual({
      status: 0,
      stdout: '0\nC 0077\né\r\n\u0004\n',
      stderr: '',
    });
    expect((await session.run(`cat <<'END' | wc -c\n${'y'.repeat(200_000)}\nEND`)).stdout.trim()).toBe('200001');
    if (become.password !== undefined) expect((await session.run('ps -eo args=')).stdout).not.toContain(become.password.reveal());
    await session.close();
  }

  async function expectWrong(user: Account, method: Become['method']): Promise<void> {
    const failure = await failureOf(connect(user, by(method, 'wr0ng')));
    expect(failure).toMatchObject({ code: 'become.password-wrong', what: `${method} did not accept the password` });
    expect(`${JSON.stringify(failure)}${failure.stack}`).not.toContain('wr0ng');
  }

  const expectMissing = async (user: Account, method: Become['method']) =>
    expect(await failureOf(connect(user, by(method)))).toMatchObject({ code: 'become.password-missing' });

  describe('su', () => {
    test('lets in with the password of root', () => expectRoot(plain, by('su', ROOT_PASSWORD)));
    test('refuses a wrong one', () => expectWrong(plain, 'su'));
    test('wants one when none is given', () => expectMissing(plain, 'su'));
    test('lets in over the system’s ssh', async () => {
      lab.writeKnownHosts(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
      const session = await lab.openSsh().connect({ name: 'router-a', connection: vars(plain, by('su', ROOT_PASSWORD)) });
      expect(await uidOf(session)).toBe('0\n');
    });
  });

  describe('sudo under targetpw', () => {
    test('lets in with the password of root', () => expectRoot(asked, by('sudo', ROOT_PASSWORD)));
    test('refuses the user’s own', async () =>
      expect(await failureOf(connect(asked, by('sudo', asked.password)))).toMatchObject({ code: 'become.password-wrong' }));
  });

  describe.runIf(existsSync(DOAS))('doas', () => {
    test('lets in with the password', () => expectRoot(asked, by('doas', asked.password)));
    test('lets in without one', () => expectRoot(free, by('doas')));
    test('lets in without one although one is given', () => expectRoot(free, by('doas', free.password)));
    test('refuses a wrong one', () => expectWrong(asked, 'doas'));
    test('wants one when none is given', () => expectMissing(asked, 'doas'));
    test('refuses who is not in doas.conf', async () => {
      expect(await failureOf(connect(plain, by('doas', plain.password)))).toMatchObject({ code: 'become.refused' });
    });
    test('lets in over the system’s ssh', async () => {
      lab.writeKnownHosts(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
      const session = await lab.openSsh().connect({ name: 'router-a', connection: vars(asked, by('doas', asked.password)) });
      expect(await uidOf(session)).toBe('0\n');
    });
  });
});
