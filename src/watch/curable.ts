import type { CauseName, Diagnosis } from '../diagnose/finding.ts';

/** What `up` brings back, and the kernels themselves say: a device that is not there, or is not as declared. */
const CURED_BY_UP: ReadonlySet<CauseName> = new Set([
  'device-missing',
  'peer-rebooted',
  'device-down',
  'mode-mismatch',
  'endpoint-mismatch',
  'key-mismatch',
  'option-mismatch',
  'address-missing',
]);

/** Whether a repair may be begun: what else is wrong, its transaction finds out, and takes everything back. */
export function isCurable({ findings }: Diagnosis): boolean {
  return findings.some(({ cause, certainty }) => CURED_BY_UP.has(cause) && (certainty === 'proved' || cause === 'peer-rebooted'));
}

/** What was found, in one line. */
export function findingWords({ isHealthy, findings, unseen }: Diagnosis): string {
  if (isHealthy) return 'doctor finds nothing wrong';
  const [first] = findings;
  if (first === undefined) return `no cause that is known fits${unseen.length === 0 ? '' : `; could not be seen: ${unseen.join('; ')}`}`;
  return `${first.cause}${first.host === undefined ? '' : ` on ${first.host}`} (${first.certainty}): ${first.message}`;
}
