import { expect, onTestFinished } from 'vitest';
import type { Scenario } from './scenario-stage.ts';

export interface Capture {
  readonly host: string;
  readonly device: string;
  /** In tcpdump's words (pcap-filter(7)). */
  readonly filter: string;
  /** What tcpdump has to say of the packets that `traffic` causes, in any order and among others. */
  readonly shows: readonly RegExp[];
}

const START = (device: string, filter: string) => `rm -f /run/capture*
tcpdump -l --immediate-mode -nn -v -i ${device} '${filter}' >/run/capture 2>/run/capture.err </dev/null &
echo $! >/run/capture.pid
n=0; until grep -q 'listening on' /run/capture.err || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done
cat /run/capture.err; [ $n -lt 100 ]`;

const STOP = '[ ! -e /run/capture.pid ] || kill $(cat /run/capture.pid); rm -f /run/capture*';

/** Listens on a device while something is sent, until all that it has to show was seen. */
export async function captureDuring(scenario: Scenario, { host, device, filter, shows }: Capture, traffic: () => Promise<unknown>): Promise<void> {
  onTestFinished(async () => void (await scenario.sh(host, STOP)));
  await scenario.sh(host, START(device, filter));
  await traffic();
  const missing = async () => {
    const packets = await scenario.sh(host, 'cat /run/capture');
    const unseen = shows.filter((sight) => !sight.test(packets));
    return unseen.length === 0 ? [] : [...unseen, packets];
  };
  await expect.poll(missing, { timeout: 15_000, interval: 200 }).toEqual([]);
}

/** A ping that must be answered; what it printed. */
export function ping(scenario: Scenario, host: string, address: string): Promise<string> {
  return scenario.sh(host, `ping -n -c 2 -i 0.2 -W 3 ${address}`);
}
