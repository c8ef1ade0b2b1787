import { HostFailure } from '../../errors/host-failure.ts';

/** A failure of a jump host, told of the host behind it. */
export function behindJump(host: string, failure: HostFailure): HostFailure {
  return new HostFailure({
    code: failure.code,
    host,
    message: `its jump host ${failure.host} failed: ${failure.what}`,
    hint: failure.hint,
    cause: failure,
  });
}

export function jumpLoop(host: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: 'ProxyJump leads back to a host that is already on the way',
    hint: 'Set ProxyJump none for the jump host in ~/.ssh/config.',
  });
}
