import type { Verdict } from './fault-course.ts';
import { HOSTS } from './fault-stage.ts';

/** Everything that helps to understand a violation. */
export function tellViolation({ run, states, violations }: Verdict): string {
  if (violations.length === 0) return '';
  const hosts = HOSTS.map((host) => {
    const { stand, left, snapshot } = states[host];
    const lines = snapshot.network.filter((line) => /"(ifname|dev)":"gre1"/.test(line));
    return [`${host}: ${stand}`, ...left, ...lines, ...snapshot.sysctls.filter((line) => line.includes('ip_forward'))].join('\n  ');
  });
  return [...violations, ...hosts, ...run.events.map((event) => JSON.stringify(event)), run.stderr].join('\n');
}

/** `+2 s` after the deadline, or `in time` where no host decided alone. */
export function lateness({ secondsPastDeadline: seconds }: Verdict): string {
  if (seconds === undefined) return 'in time';
  return `${seconds > 0 ? '+' : ''}${seconds} s`;
}
