import { quoteWords, stripControl } from '../domain/strip-control.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { PREPARE_STATUS } from '../script/prepare.ts';
import type { Reply } from '../transport/transport.ts';

/** Why a host could not be prepared, by the status of the prepare script. */
export function prepareRefusal(host: string, { status, stdout, stderr }: Reply): HostFailure {
  const words = stripControl(stderr).trim();
  switch (status) {
    case PREPARE_STATUS.locked:
      return lockedBy(host, stdout);
    case PREPARE_STATUS.stale:
      return new HostFailure({
        code: 'host.changed-meanwhile',
        host,
        message: 'its links, addresses or routes changed after they were read',
        hint: 'Run again: the plan is made anew from what is there now.',
      });
    default:
      return new HostFailure({
        code: 'host.refused',
        host,
        message: `the way back could not be written under /run/tunorch: ${words || `status ${status}`}`,
        hint: 'Look whether /run is writable and has room; without a way back nothing is changed.',
      });
  }
}

/** @param words - who holds the lock, as the host tells it */
export function lockedBy(host: string, words: string): HostFailure {
  return new HostFailure({
    code: 'host.locked',
    host,
    message: `another run is at work on it: ${lockOwner(words)}`,
    hint: 'Wait for it with --lock-wait, or run again. The lock goes away with that run, or at the latest with its deadline.',
  });
}

/** `<who>`, then the seconds since the epoch when it was taken and now, by the host's own clock, which may have been put back. */
function lockOwner(words: string): string {
  const [who = '', taken = '', now = ''] = stripControl(words).trim().split('\n');
  const age = Number(now) - Number(taken);
  return who === '' ? 'it does not say whose' : `${who}${age >= 0 && now !== '' ? `, for ${age} s` : ''}`;
}

const PACKAGES: Readonly<Record<string, string>> = { ip: 'iproute2', ping: 'iputils-ping', flock: 'util-linux', timeout: 'coreutils' };

/** A program without which what was asked for cannot be done there. */
export function missingProgram(host: string, program: string): HostFailure {
  return new HostFailure({
    code: 'host.program-missing',
    host,
    message: `there is no \`${program}\` on it`,
    hint: `Install the package ${PACKAGES[program] ?? program} there.`,
  });
}

/** An `ip` that knows neither details of links nor protocols of routes: what tunorch makes with it, it could not tell from what others made. */
export function busyboxInstead(host: string): HostFailure {
  return new HostFailure({
    code: 'host.program-missing',
    host,
    message: 'its `ip` is busybox’s, which cannot tell whose a link or a route is, nor make most tunnels',
    hint: 'Install iproute2 there: `apk add iproute2` on Alpine, `opkg install ip-full` on OpenWrt, `apt-get install iproute2` on Debian.',
  });
}

/** Facts that could not be read. */
export function unreadableFacts(host: string, cause: unknown): HostFailure {
  const message = `its facts make no sense: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new HostFailure({
    code: 'host.facts-unreadable',
    host,
    message,
    hint: 'Run `ip -d address show` there by hand: it should print what iproute2 prints.',
    cause,
  });
}

/** A host whose answers make no sense cannot be worked with. */
export function understand<Value>({ host }: { readonly host: string }, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw unreadableFacts(host, cause);
  }
}

/** @param words - of tcpdump */
export function cannotListen(host: string, { device, words }: { readonly device: string; readonly words: string }): HostFailure {
  return new HostFailure({
    code: 'host.refused',
    host,
    message: `tcpdump cannot listen on ${device}: ${words === '' ? 'it says nothing' : quoteWords(words)}`,
    hint: `Try \`tcpdump -i ${device}\` there by hand: it needs root rights (CAP_NET_RAW).`,
  });
}
