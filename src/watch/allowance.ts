const HOUR_MS = 60 * 60_000;
/** Also after a repair, whose tunnel is still called down until it was answered. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/** What was done for one tunnel lately. */
export interface RepairRecord {
  /** When transactions were begun in the last hour. */
  readonly repairs: readonly number[];
  /** Looks in a row that ended with the tunnel still down. */
  readonly fruitless: number;
  /** Not to be looked into before, milliseconds since the epoch. */
  readonly notBefore: number;
  /** That the limit is reached was told. */
  readonly isLimitTold: boolean;
}

export const NO_REPAIRS: RepairRecord = { repairs: [], fruitless: 0, notBefore: 0, isLimitTold: false };

/** `now`, or why not yet. */
export type Allowance = 'now' | 'later' | 'limit';

/** Whether a tunnel that is down may be repaired: so many times an hour, and less and less often where it does not help. */
export function allowance({ repairs, notBefore }: RepairRecord, at: number, perHour: number): Allowance {
  if (at < notBefore) return 'later';
  return repairs.filter((one) => at - one < HOUR_MS).length < perHour ? 'now' : 'limit';
}

/** The record after a look: `repaired` and `failed` began a transaction, `left` changed nothing. */
export function afterRepair(record: RepairRecord, outcome: 'repaired' | 'failed' | 'left', at: number): RepairRecord {
  const repairs = [...record.repairs.filter((one) => at - one < HOUR_MS), ...(outcome === 'left' ? [] : [at])];
  const fruitless = outcome === 'repaired' ? 0 : record.fruitless + 1;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(Math.max(0, fruitless - 1), 20));
  return { repairs, fruitless, notBefore: at + pauseMs, isLimitTold: false };
}

/** A tunnel that is up again is looked into at once when it is down the next time; what was begun lately still counts. */
export function afterRecovery(record: RepairRecord): RepairRecord {
  return { ...record, fruitless: 0, notBefore: 0 };
}
