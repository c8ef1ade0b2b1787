import type { Scenario } from './scenario-stage.ts';

export const ROUTERS = ['router-a', 'router-b'] as const;

/** A busy machine may take a minute for what takes a second; what is tested is what happens, not when. */
export const PATIENCE = ['--timeout', '60', '--deadline', '240'];

/** Keys as the kernel has them: only the test looks at them. */
export async function keysOn(scenario: Scenario, host: string): Promise<readonly string[]> {
  const states = await scenario.sh(host, 'ip xfrm state list');
  return [...states.matchAll(/aead rfc4106\(gcm\(aes\)\) 0x([0-9a-f]{72}) 128/g)].map(([, key = '']) => key).toSorted();
}
