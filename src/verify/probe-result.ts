/** Echo requests sent one way through a tunnel and what came back. */
export interface ProbeResult {
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly sent: number;
  readonly received: number;
  /** Milliseconds; absent where nothing came back. */
  readonly rttMs?: { readonly min: number; readonly avg: number; readonly max: number };
  /** How far round trips are from their mean, milliseconds; absent where `ping` does not tell (BusyBox). */
  readonly jitterMs?: number;
}
