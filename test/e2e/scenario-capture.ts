import type { Scenario } from './scenario-stage.ts';

export interface Capture {
  readonly host: string;
  readonly device: string;
  /** In tcpdump's words (pcap-filter(7)). */
  readonly filter: string;
  /** It ends with this packet. */
  readonly count: number;
}

/** What tcpdump on a host decoded of the packets that `traffic` caused. */
export async function captureDuring(scenario: Scenario, capture: Capture, traffic: () => Promise<unknown>): Promise<string> {
  const { host, device, filter, count } = capture;
  await scenario.sh(
    host,
    `timeout 30 tcpdump -l -nn -v -c ${count} -i ${device} '${filter}' >/run/capture 2>/run/capture.err </dev/null &
echo $! >/run/capture.pid
n=0; until grep -q 'listening on' /run/capture.err || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done
cat /run/capture.err; [ $n -lt 100 ]`,
  );
  await traffic();
  return scenario.sh(
    host,
    `n=0; while [ -e /proc/$(cat /run/capture.pid) ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
cat /run/capture; rm /run/capture /run/capture.err /run/capture.pid`,
  );
}

/** A ping that must be answered; what it printed. */
export function ping(scenario: Scenario, host: string, address: string): Promise<string> {
  return scenario.sh(host, `ping -n -c 2 -i 0.2 -W 3 ${address}`);
}
