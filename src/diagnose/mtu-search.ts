import { familyOf, type IpAddress } from '../domain/address.ts';
import { quoteAll } from '../shell/quote.ts';

const HEADER_BYTES = { 4: 28, 6: 48 } as const;
/** Every link of IPv4 carries the one (RFC 791), every link of IPv6 the other (RFC 8200 section 5). */
const LEAST_BYTES = { 4: 576, 6: 1280 } as const;

export interface MtuSearch {
  readonly device: string;
  readonly target: IpAddress;
  /** A size that does not pass. */
  readonly mtuBytes: number;
}

/** Halves the sizes between one that always passes and one that does not, with packets that may not be fragmented. */
export function mtuSearchScript({ device, target, mtuBytes }: MtuSearch): string {
  const family = familyOf(target);
  return `tunorch_passes() { ping ${quoteAll(['-n', '-q', '-c', '2', '-i', '0.3', '-W', '1', '-M', 'do', '-I', device])} -s "$(($1 - ${HEADER_BYTES[family]}))" ${quoteAll([target])} >/dev/null 2>&1; }
low=${LEAST_BYTES[family]} high=${mtuBytes}
if [ "$low" -lt "$high" ] && tunorch_passes "$low"; then
  while [ "$((high - low))" -gt 1 ]; do
    middle=$(((low + high) / 2))
    if tunorch_passes "$middle"; then low=$middle; else high=$middle; fi
  done
  echo "@passes $low"
fi; :`;
}

/** Bytes of the largest packet that passed; undefined where not even the smallest did. */
export function readMtuSearch(output: string): number | undefined {
  const found = /^@passes (\d+)$/m.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}
