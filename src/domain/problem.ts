/** Why a tunnel is not as it should be: what, where, in whose words, and what now. */
export interface Problem {
  /** Stable, kebab-case with a dotted prefix: `apply.step-refused`, `verify.no-reply`, `plan.foreign-device`, or a HostFailureCode. */
  readonly code: string;
  readonly host?: string;
  readonly message: string;
  readonly hint: string;
  /** The failing step's title. */
  readonly step?: string;
  /** The command as it ran on the host. */
  readonly command?: string;
  /** The host's own words, without control characters. */
  readonly words?: string;
}
