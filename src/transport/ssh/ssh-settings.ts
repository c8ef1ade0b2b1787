/** How one host is reached, with nothing left to look up. */
export interface SshSettings {
  /** The name under which the host is known to the user. */
  readonly name: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly IdentityFile[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket. */
  readonly agentSocket?: string;
  readonly certificateFiles: readonly string[];
  /** From the first to the last before the host. */
  readonly jumps: readonly JumpHop[];
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hostKeyPolicy: HostKeyPolicy;
  readonly hostKeyAlias?: string;
  readonly isKnownHostHashed: boolean;
  readonly connectTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveCountMax: number;
  readonly family?: 4 | 6;
  readonly bindAddress?: string;
  readonly mayAsk: boolean;
  readonly methods: { readonly publicKey: boolean; readonly password: boolean; readonly keyboardInteractive: boolean };
  readonly algorithms: AlgorithmLists;
  /** The options set for this host that ssh2 cannot follow. */
  readonly onlyOpenSsh: readonly string[];
}

/** ssh_config(5), StrictHostKeyChecking. */
export type HostKeyPolicy = 'yes' | 'ask' | 'accept-new' | 'no';

export interface IdentityFile {
  readonly path: string;
  /** Who named it: one that the inventory names must be readable, a default one may well not be meant for the host. */
  readonly origin: 'inventory' | 'configuration' | 'default';
}

/** One part of ProxyJump: `[user@]host[:port]` or an ssh URI. */
export interface JumpHop {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** What is read in place of the usual configuration. */
  readonly configFile?: string;
}

/** Lists of ssh_config(5) as OpenSSH resolved them; absent where nobody asked for any. */
export interface AlgorithmLists {
  readonly kex?: readonly string[];
  readonly hostKeys?: readonly string[];
  readonly ciphers?: readonly string[];
  readonly macs?: readonly string[];
}
