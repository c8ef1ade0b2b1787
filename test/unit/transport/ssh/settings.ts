import type { SshSettings } from '../../../../src/transport/ssh/ssh-settings.ts';

/** The settings of a host that nothing is configured for. */
export function settingsOf(changes: Partial<SshSettings> = {}): SshSettings {
  return {
    name: 'router-a',
    hostName: '192.0.2.1',
    port: 22,
    user: 'root',
    identityFiles: [],
    identitiesOnly: false,
    certificateFiles: [],
    jumps: [],
    userKnownHostsFiles: [],
    globalKnownHostsFiles: [],
    hostKeyPolicy: 'ask',
    isKnownHostHashed: false,
    connectTimeoutMs: 10_000,
    keepaliveIntervalMs: 15_000,
    keepaliveCountMax: 3,
    mayAsk: true,
    methods: { publicKey: true, password: true, keyboardInteractive: true },
    algorithms: {},
    onlyOpenSsh: [],
    ...changes,
  };
}
