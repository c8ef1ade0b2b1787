import type { Fact } from './fact.ts';

/**
 * What the run says of itself that holds this host's lock now: who, since when and the time, by the host's clock.
 *
 * The kernel's list is read (proc(5), /proc/locks), since trying the lock would keep another run from it. Needs the name of the
 * network namespace in the same shell.
 */
export const runAtWork: Fact<string | undefined> = {
  name: 'run-at-work',
  snippet: () => `tunorch_work=\${tunorch_netns#*[}; tunorch_work=/run/tunorch/\${tunorch_work%]}
[ ! -e "$tunorch_work/lock" ] || ! grep -q "FLOCK.*:$(stat -c %i "$tunorch_work/lock") " /proc/locks || { cat "$tunorch_work/owner"; stat -c %Y "$tunorch_work/owner"; date +%s; }`,
  parse: (section) => (section.trim() === '' ? undefined : section.trim()),
};
