/** Why a host could not be worked with. Golden cases in test/golden/host-failures hold each one's message. */
export const hostFailureCodes = [
  'ssh.unreachable',
  'ssh.timeout',
  'ssh.auth-refused',
  'ssh.host-key-unknown',
  'ssh.host-key-changed',
  'ssh.host-key-revoked',
  'ssh.key-unreadable',
  'ssh.unsupported',
  'ssh.protocol',
  'ssh.connection-lost',
  'become.refused',
  'become.password-wrong',
  'become.password-missing',
  'become.unavailable',
  'shell.unusable',
  'shell.killed',
  'shell.timeout',
  'shell.too-much-output',
  'host.facts-unreadable',
  'host.program-missing',
  'host.kernel-support',
  'host.locked',
  'host.changed-meanwhile',
  'host.refused',
  'run.interrupted',
] as const;

export type HostFailureCode = (typeof hostFailureCodes)[number];

const RETRYABLE: ReadonlySet<HostFailureCode> = new Set(['ssh.unreachable', 'ssh.timeout', 'ssh.protocol', 'ssh.connection-lost']);

export interface HostFailureFields {
  readonly code: HostFailureCode;
  readonly host: string;
  /** What happened, without the host's name. */
  readonly message: string;
  /** What to do now. */
  readonly hint: string;
  readonly cause?: unknown;
}

/** A host that cannot be worked with: an expected outcome, with what to do about it. */
export class HostFailure extends Error {
  readonly code: HostFailureCode;
  readonly host: string;
  /** What happened, without host and code. */
  readonly what: string;
  readonly hint: string;

  constructor(fields: HostFailureFields) {
    super(`${fields.host}: ${fields.code}: ${fields.message}`, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'HostFailure';
    this.code = fields.code;
    this.host = fields.host;
    this.what = fields.message;
    this.hint = fields.hint;
  }

  /** Whether the same attempt may succeed a moment later. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
