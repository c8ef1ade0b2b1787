/** One line of a plan: what happens to one object on one host. */
export interface PlannedChange {
  readonly host: string;
  readonly action: 'add' | 'change' | 'replace' | 'remove' | 'load' | 'run';
  /** `link gre1`, `address 10.0.0.1 peer 10.0.0.2 on gre1`, `route 10.2.0.0/16 via gre1`, `sysctl net.ipv4.ip_forward`, `module ip_gre`, `command «reload bird»`. */
  readonly object: string;
  /** What the object gets for `add`, what differs for `change` and `replace`; `from` or `to` is absent where nothing is set. */
  readonly differences?: readonly Difference[];
}

export interface Difference {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}
