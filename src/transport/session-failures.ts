import { quoteWords } from '../domain/strip-control.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { ChannelEnding } from './shell-channel.ts';

/** The failures of a session that is open: what ended it, in which phase it matters not. */

export function connectionLost(host: string, reason?: Error): HostFailure {
  return new HostFailure({
    code: 'ssh.connection-lost',
    host,
    message: reason === undefined ? 'the SSH connection ended' : `the SSH connection ended: ${quoteWords(reason.message)}`,
    hint: 'Look for a reboot, a changed route or a firewall on the way to the host, then run the same command again.',
    cause: reason,
  });
}

/** Judges a channel that closed although a script was still expected to answer. */
export function endedInMidPhase(host: string, ending: ChannelEnding, stderr: string): HostFailure {
  if (ending.code === undefined && ending.signal === undefined) return connectionLost(host, ending.reason);
  return new HostFailure({
    code: 'shell.killed',
    host,
    message: `the root shell ended ${describeEnding(ending)} before the run was over${saying(stderr)}`,
    hint:
      ending.signal === undefined
        ? 'Check that /bin/sh on the host is a POSIX shell. If it is, this is a mistake of tunorch: report it with these words.'
        : "Look into the host's journal for what ended it: the out-of-memory killer, a session limit or an administrator.",
  });
}

export function tooMuchOutput(host: string, maxBytes: number): HostFailure {
  return new HostFailure({
    code: 'shell.too-much-output',
    host,
    message: `the host sent more than ${describeSize(maxBytes)}, and was cut off`,
    hint: 'Log in with ssh and look for what prints without end: a start-up file of the shell, or a program that is not what its name says.',
  });
}

export function phaseTimedOut(host: string, timeoutMs: number): HostFailure {
  return new HostFailure({
    code: 'shell.timeout',
    host,
    message: `the host did not finish a phase within ${timeoutMs / 1000} s`,
    hint: 'Look at the load of the host and at the way to it.',
  });
}

export function outOfStep(host: string, cause: unknown): HostFailure {
  return new HostFailure({
    code: 'shell.unusable',
    host,
    message: 'the root shell answered out of step, as no POSIX shell does',
    hint: 'Look at what /bin/sh is on the host, and whether something writes into its output.',
    cause,
  });
}

export function interrupted(host: string): HostFailure {
  return new HostFailure({ code: 'run.interrupted', host, message: 'the session was closed from this side', hint: 'Run the same command again.' });
}

function describeSize(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 / 1024)} MiB`;
}

export function describeEnding(ending: ChannelEnding): string {
  return ending.signal === undefined ? `with status ${ending.code}` : `by ${ending.signal}`;
}

/** `, saying «<words>»` or nothing. */
export function saying(words: string): string {
  const quoted = quoteWords(words);
  return quoted === '' ? '' : `, saying «${quoted}»`;
}
