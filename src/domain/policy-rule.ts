import type { Family, Prefix } from './address.ts';

/** A routing policy rule (ip-rule(8)) as far as packets of the host's own may meet it: what only marked or forwarded ones meet is left out. */
export interface PolicyRule {
  /** The lower one is asked first. */
  readonly priority: number;
  readonly family: Family;
  readonly table: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
}
