import { onTestFinished } from 'vitest';
import type { Scenario } from './scenario-stage.ts';

/** What a host says where {@link refuseLine} made it refuse. */
export const REFUSAL = 'RTNETLINK answers: Operation not permitted';
export const MODULE_REFUSAL = "modprobe: ERROR: could not insert 'ip_gre': Operation not permitted";
export const SYSCTL_REFUSAL = 'Read-only file system';

/** Stands before the real `ip` in root's PATH; of a batch it runs the lines before the refused one, as iproute2 does. */
const IP = `#!/bin/sh
[ "$*" = '-batch -' ] || exec /usr/sbin/ip "$@"
read -r left </run/refuse; n=0 before=
while IFS= read -r line; do
  n=$((n + 1)) left=$((left - 1))
  if [ "$left" = 0 ]; then
    printf %s "$before" | /usr/sbin/ip -batch - || exit
    echo 0 >/run/refuse
    printf '%s\\n' '${REFUSAL}' "Command failed -:$n" >&2
    exit 1
  fi
  before="$before$line
"
done
echo "$left" >/run/refuse
printf %s "$before" | /usr/sbin/ip -batch -`;

const MODPROBE = `#!/bin/sh
case " $* " in *' -n '*) exec /usr/sbin/modprobe "$@" ;; esac
echo "${MODULE_REFUSAL}" >&2
exit 1`;

/** From now on a host refuses the n-th line that changes something by \`ip\`, and no other; until the test has finished. */
export async function refuseLine(scenario: Scenario, host: string, line: number): Promise<void> {
  await putBefore(scenario, host, { name: 'ip', text: IP });
  await scenario.sh(host, `echo ${line} >/run/refuse`);
}

/** From now on a host loads no module, though it says that it can; until the test has finished. */
export function refuseModules(scenario: Scenario, host: string): Promise<void> {
  return putBefore(scenario, host, { name: 'modprobe', text: MODPROBE });
}

async function putBefore(scenario: Scenario, host: string, { name, text }: { readonly name: string; readonly text: string }): Promise<void> {
  onTestFinished(async () => void (await scenario.sh(host, `rm -f /usr/local/sbin/${name} /run/refuse`)));
  await scenario.sh(host, `cat >/usr/local/sbin/${name} <<'SCRIPT'\n${text}\nSCRIPT\nchmod 755 /usr/local/sbin/${name}`);
}

/** From now on nobody can write a sysctl of a host; until the test has finished. */
export async function refuseSysctl(scenario: Scenario, host: string, path: string): Promise<void> {
  onTestFinished(async () => void (await scenario.sh(host, `umount /proc/sys/${path}`)));
  await scenario.sh(host, `mount --bind /proc/sys/${path} /proc/sys/${path} && mount -o remount,ro,bind /proc/sys/${path}`);
}
