import type { Fact } from './fact.ts';

export interface HostIdentity {
  readonly kernelRelease: string;
  readonly networkNamespace: string;
  readonly programs: ReadonlySet<string>;
  /** CAP_NET_ADMIN (capabilities(7)); root in a container may lack it. */
  readonly canAdministerNetwork: boolean;
}

/** Programs a run needs (`ip`, `ping`) or uses where they are. */
const PROGRAMS = ['ip', 'ping', 'modprobe', 'flock', 'setsid', 'systemd-run', 'nft', 'iptables', 'tcpdump'];
const CAP_NET_ADMIN = 12n;

/** What host this is, told without starting more than one process. */
export const hostIdentity: Fact<HostIdentity> = {
  name: 'identity',
  snippet: () => `read -r release </proc/sys/kernel/osrelease; printf 'release %s\\n' "$release"
tunorch_netns=$(readlink /proc/self/ns/net); printf 'netns %s\\n' "$tunorch_netns"
while read -r name value; do [ "$name" = CapEff: ] && printf 'capabilities %s\\n' "$value"; done </proc/self/status
for p in ${PROGRAMS.join(' ')}; do command -v "$p" >/dev/null 2>&1 && printf 'program %s\\n' "$p"; done; :`,
  parse(section) {
    const answers = [...section.matchAll(/^(\w+) (\S+)$/gm)].map(([, name = '', value = '']) => ({ name, value }));
    const first = (name: string) => answers.find((answer) => answer.name === name)?.value;
    return {
      kernelRelease: first('release') ?? 'unknown',
      networkNamespace: first('netns') ?? 'unknown',
      programs: new Set(answers.filter(({ name }) => name === 'program').map(({ value }) => value)),
      canAdministerNetwork: ((BigInt(`0x${first('capabilities') ?? 'ffffffff'}`) >> CAP_NET_ADMIN) & 1n) === 1n,
    };
  },
};
