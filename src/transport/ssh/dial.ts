import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { quoteWords } from '../../domain/strip-control.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import type { LoggedIn } from './login.ts';
import type { SshSettings } from './ssh-settings.ts';

/** Node gives each address of a name only 250 ms by default, which is less than a round trip to many hosts. */
const ADDRESS_TIMEOUT_MS = 3000;

/**
 * A TCP connection to the host, under way; its errors come as events.
 *
 * Nagle's algorithm is off: ssh2 leaves it on, and every small packet then waits for the acknowledgement of the one before.
 */
export function dialDirectly({ hostName: host, port, family, bindAddress }: SshSettings): Duplex {
  return connect({
    host,
    port,
    noDelay: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    ...(family === undefined ? {} : { family }),
    ...(bindAddress === undefined ? {} : { localAddress: bindAddress }),
  });
}

/** A connection that a jump host makes for us. @throws HostFailure - the jump host cannot or may not */
export function dialThrough(jump: LoggedIn, { host, settings }: { readonly host: string; readonly settings: SshSettings }): Promise<Duplex> {
  const { hostName, port } = settings;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) =>
      reject(
        new HostFailure({
          code: 'ssh.unreachable',
          host,
          message: `the jump host ${settings.jumps.at(-1)?.host} could not reach ${hostName} port ${port}: ${quoteWords(error.message)}`,
          hint: 'Check the address as the jump host sees it, and AllowTcpForwarding in its sshd_config.',
          cause: error,
        }),
      );
    try {
      jump.client.forwardOut('127.0.0.1', 0, hostName, port, (error, stream) => (error ? refuse(error) : resolve(stream)));
      jump.hurry();
    } catch (error) {
      refuse(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
