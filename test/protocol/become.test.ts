import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Become } from '../../src/domain/host.ts';
import { Secret } from '../../src/domain/secret.ts';
import { type Account, makeAccount } from './accounts.ts';
import { describeOpenSsh, failureOf, uidOf } from './fixture.ts';

const SUDO = '/usr/bin/sudo';
if (!existsSync(SUDO)) process.stderr.write(`\nSKIPPED: nothing is tested against a real sudo: ${SUDO} is not there: apt-get install sudo\n\n`);

describeOpenSsh('root rights on a real host', (lab) => {
  describe.runIf(existsSync(SUDO))('sudo', () => {
    const accounts: Account[] = [];
    const user = (...sudoers: string[]) => {
      const account = makeAccount({ home: lab.home, sudoers: ['Defaults:USER timestamp_timeout=0', ...sudoers] });
      accounts.push(account);
      return account;
    };
    let free: Account;
    let asked: Account;
    beforeAll(() => {
      free = user('USER ALL=(ALL) NOPASSWD: ALL');
      asked = user('USER ALL=(ALL) ALL', 'Defaults:USER lecture=always');
    });
    afterAll(() => {
      for (const account of accounts) account.remove();
    });

    const sudo = (password?: string): Become => ({ method: 'sudo', ...(password === undefined ? {} : { password: new Secret(password) }) });
    const connect = (account: Account, become: Become) => lab.connect({ user: account.name, privateKeyFile: lab.key, become });

    async function expectRoot(account: Account, become: Become): Promise<void> {
      const session = await connect(account, become);
      expect(session.connection?.clientAddress).toBe('127.0.0.1');
      expect(await session.run('id -u; echo "$LC_ALL $(umask)"; command -v modprobe sysctl >/dev/null')).toMatchObject({
        stdout: '0\nC 0077\n',
        stderr: '',
      });
      await session.close();
    }

    test('lets in without a password', () => expectRoot(free, sudo()));
    test('lets in without a password although one is given, which is not run', () => expectRoot(free, sudo('touch /tunorch-must-not-exist')));
    test('lets in with the password, after a lecture', () => expectRoot(asked, sudo(asked.password)));
    test('lets in under use_pty, without a password', () => expectRoot(user('USER ALL=(ALL) NOPASSWD: ALL', 'Defaults:USER use_pty'), sudo()));
    test('lets in under use_pty, with one', () => {
      const account = user('USER ALL=(ALL) ALL', 'Defaults:USER use_pty');
      return expectRoot(account, sudo(account.password));
    });
    test('refuses a wrong password', async () => {
      const failure = await failureOf(connect(asked, sudo('wr0ng')));
      expect(failure.code).toBe('become.password-wrong');
      expect(`${JSON.stringify(failure)}${failure.stack}`).not.toContain('wr0ng');
    });

    test('wants a password when none is given', async () => {
      expect(await failureOf(connect(asked, sudo()))).toMatchObject({ code: 'become.password-missing' });
    });

    test('refuses who is not in sudoers, in its own words', async () => {
      const failure = await failureOf(connect(lab.plain, sudo(lab.plain.password)));
      expect(failure).toMatchObject({ code: 'become.refused', message: expect.stringContaining('is not in the sudoers file') });
    });

    test('lets in where it requires a terminal, without a password', () =>
      expectRoot(user('USER ALL=(ALL) NOPASSWD: ALL', 'Defaults:USER requiretty'), sudo()));
    test('lets in where it requires a terminal, with one, also over the system’s ssh', async () => {
      const account = user('USER ALL=(ALL) ALL', 'Defaults:USER requiretty, use_pty');
      await expectRoot(account, sudo(account.password));
      const connection = lab.vars({ user: account.name, privateKeyFile: lab.key, become: sudo(account.password) });
      expect(await uidOf(await lab.openSsh().connect({ name: 'router-a', connection }))).toBe('0\n');
    });

    test('never ran a password', () => {
      expect(existsSync('/tunorch-must-not-exist')).toBe(false);
    });
  });
});
