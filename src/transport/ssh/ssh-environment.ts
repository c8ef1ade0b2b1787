/** What the transport takes from the process that runs it. */
export interface SshEnvironment {
  readonly homeDir: string;
  /** SSH_AUTH_SOCK, and what `${NAME}` in ssh_config refers to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user on this machine: who logs in where nothing names a user. */
  readonly controllerUser: string;
  readonly connectTimeoutMs: number;
  /** The system's own files; another folder in tests. Default /etc/ssh. */
  readonly systemDir?: string;
}
