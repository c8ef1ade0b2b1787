import type { Host } from '../domain/host.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { sshMissing } from './openssh/openssh-failures.ts';
import { createOpenSshTransport } from './openssh/openssh-transport.ts';
import { findSsh } from './openssh/ssh-version.ts';
import { hasKeysBeyondSsh2, whyBeyondSsh2 } from './ssh/beyond-ssh2.ts';
import { isNegotiationFailure } from './ssh/connect-failures.ts';
import { KnownHostsStore } from './ssh/known-hosts-store.ts';
import { resolvingOnce, settingsOfJump } from './ssh/resolve-settings.ts';
import type { SshSettings } from './ssh/ssh-settings.ts';
import { createSshTransport, type SshTransportOptions } from './ssh/ssh-transport.ts';
import type { Transport } from './transport.ts';

/** No chain of jump hosts that anybody uses is longer; one that leads back to itself is told by whoever connects. */
const MAX_JUMPS = 8;

/**
 * Reaches each host by ssh2, which is faster, or by the system's ssh, where its configuration or a host on the way needs that one.
 *
 * Where ssh2 has failed for a reason that another program may not have, the system's ssh gets a try, if it is installed.
 */
export function createChoosingTransport(options: SshTransportOptions): Transport {
  const settingsOf = resolvingOnce(options);
  const [ssh2, openSsh] = [createSshTransport({ ...options, settingsOf }), createOpenSshTransport({ ...options, settingsOf })];
  const looking = { options, store: new KnownHostsStore(), jumpSettings: new Map<string, Promise<SshSettings>>() };
  let installed: ReturnType<typeof findSsh> | undefined;
  const isInstalled = async () => {
    installed ??= findSsh();
    return (await installed) !== undefined;
  };
  const connect: Transport['connect'] = async (host, signal, opening) => {
    const settings = await settingsOf(host);
    const why = await whyOnTheWay(settings, looking);
    if (why !== undefined) {
      if (!(await isInstalled())) throw sshMissing(host.name, why);
      options.log?.(host.name, `${why} takes the system's ssh`);
      return openSsh.connect(host, signal, opening);
    }
    try {
      return await ssh2.connect(host, signal, opening);
    } catch (failure) {
      if (!(failure instanceof HostFailure) || !(await mayDoBetter(failure, host, settings)) || !(await isInstalled())) throw failure;
      options.log?.(host.name, `trying the system's ssh: ${failure.what}`);
      return openSsh.connect(host, signal, opening);
    }
  };
  return {
    connect,
    close: async () => {
      await Promise.all([ssh2.close(), openSsh.close()]);
    },
  };
}

interface Looking {
  readonly options: SshTransportOptions;
  readonly store: KnownHostsStore;
  /** By the way to the jump host: many hosts share one. */
  readonly jumpSettings: Map<string, Promise<SshSettings>>;
}

async function whyOnTheWay(settings: SshSettings, looking: Looking, jumps = 0): Promise<string | undefined> {
  const why = whyBeyondSsh2(settings, looking.store);
  if (why !== undefined || settings.jumps.length === 0 || jumps >= MAX_JUMPS) return why;
  const way = JSON.stringify(settings.jumps);
  const jump = looking.jumpSettings.get(way) ?? settingsOfJump(settings.jumps, looking.options);
  looking.jumpSettings.set(way, jump);
  return whyOnTheWay(await jump, looking, jumps + 1);
}

async function mayDoBetter(failure: HostFailure, host: Host, settings: SshSettings): Promise<boolean> {
  if (isNegotiationFailure(failure)) return true;
  return failure.code === 'ssh.auth-refused' && host.connection.password === undefined && hasKeysBeyondSsh2(settings);
}
