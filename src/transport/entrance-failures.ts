import type { Become } from '../domain/host.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { asksForPassword, saysPasswordWrong } from './become-words.ts';
import { describeEnding, saying } from './session-failures.ts';
import type { ChannelEnding } from './shell-channel.ts';

/** Whom a failure on the way to the root shell is about. */
interface Entering {
  readonly host: string;
  readonly become?: Become;
  readonly timeoutMs: number;
}

export function shellUnusable(host: string, ending: ChannelEnding, words: string): HostFailure {
  return new HostFailure({
    code: 'shell.unusable',
    host,
    message: `the login shell ended ${describeEnding(ending)} without running /bin/sh${saying(words)}`,
    hint: 'Check that the user may run commands over SSH: a login shell such as sh or bash, and no forced command.',
  });
}

export function noShellInTime(entering: Entering, hasSaidHello: boolean, words: string): HostFailure {
  const who = hasSaidHello && entering.become !== undefined ? entering.become.method : 'the login shell';
  return new HostFailure({
    code: 'shell.timeout',
    host: entering.host,
    message: `${who} gave no root shell within ${entering.timeoutMs / 1000} s${saying(words)}`,
    hint: hasSaidHello
      ? 'Log in with ssh and become root by hand: it may ask for something else than a password.'
      : 'Log in with ssh: a file such as ~/.profile or ~/.bashrc may wait for something.',
  });
}

export function notRoot(entering: Entering, uid: string): HostFailure {
  return new HostFailure({
    code: 'become.refused',
    host: entering.host,
    message: `the shell runs as uid ${uid}, not as root`,
    hint:
      entering.become === undefined ? 'Set ansible_become: true, or ansible_user: root.' : `Check that ${entering.become.method} may become root.`,
  });
}

export function noBecomeProgram(entering: Entering): HostFailure {
  const method = entering.become?.method ?? 'sudo';
  return new HostFailure({
    code: 'become.unavailable',
    host: entering.host,
    message: `${method} is not installed`,
    hint: `Install ${method}, set ansible_become_method to what the host has, or log in as root.`,
  });
}

export function passwordWrong(entering: Entering): HostFailure {
  return new HostFailure({
    code: 'become.password-wrong',
    host: entering.host,
    message: `${entering.become?.method ?? 'sudo'} did not accept the password`,
    hint: 'Correct ansible_become_password, or type it again with -K.',
  });
}

/** The become program wants a terminal for the password, and there is no script(1) to make one. */
export function noTerminal(entering: Entering): HostFailure {
  const method = entering.become?.method ?? 'sudo';
  return new HostFailure({
    code: 'become.unavailable',
    host: entering.host,
    message: `${method} wants a terminal, and the host has no script(1) to make one`,
    hint: `Install script (util-linux, bsdutils), ${method === 'doas' ? 'allow the user nopass in doas.conf' : 'switch requiretty off'}, or log in as root.`,
  });
}

/** Judges a become program that ended instead of giving a root shell. */
export function becomeEnded(entering: Entering, ending: ChannelEnding, words: string): HostFailure {
  const { host, become } = entering;
  if (become === undefined) return shellUnusable(host, ending, words);
  if (saysPasswordWrong(words)) return become.password === undefined ? passwordMissing(host, become) : passwordWrong(entering);
  if (asksForPassword(words)) return passwordMissing(host, become);
  return new HostFailure({
    code: 'become.refused',
    host,
    message: `${become.method} gave no root shell and ended ${describeEnding(ending)}${saying(words)}`,
    hint: HINTS[become.method],
  });
}

const HINTS: Readonly<Record<Become['method'], string>> = {
  sudo: 'Allow the user to run /bin/sh as root in the configuration of sudo, or log in as root.',
  doas: 'Allow the user to run /bin/sh as root in the configuration of doas, or log in as root.',
  su: 'Use sudo, or log in as root: this su may be for some users only, or want a terminal.',
};

const WITHOUT_PASSWORD: Readonly<Record<Become['method'], string>> = {
  sudo: 'or allow the user NOPASSWD in sudoers',
  doas: 'or allow the user nopass in doas.conf',
  su: 'or use sudo',
};

function passwordMissing(host: string, { method }: Become): HostFailure {
  return new HostFailure({
    code: 'become.password-missing',
    host,
    message: `${method} wants a password and none was given`,
    hint: `Give it with -K or ansible_become_password, ${WITHOUT_PASSWORD[method]}.`,
  });
}
