import {
  BACK_END_NAMES,
  type BackEndName,
  type ObservedPersistence,
  PERSIST_PLACES,
  type PersistObstacle,
  type StoredFile,
  stagedPath,
} from '../domain/persistence.ts';
import type { Fact } from './fact.ts';
import { KEEPERS_SNIPPET, parseKeepers } from './keepers.ts';

const OBSTACLES: readonly PersistObstacle[] = ['udev', 'dispatcher', 'source'];

/** Lines of /etc/network/interfaces that include every file of ours (interfaces(5)). */
const INCLUDES =
  '^[[:space:]]*source(-directory[[:space:]]+(/etc/network/)?interfaces\\.d/?|[[:space:]]+(/etc/network/)?interfaces\\.d/(tunorch-)?\\*)[[:space:]]*$';

const GLOBS = Object.values(PERSIST_PLACES).flatMap((place) => [place, stagedPath(place)]);

/**
 * What could bring a tunnel back at boot, and the files that do.
 *
 * Network namespaces may share one file system, and none but the first is made by a boot: in the others nothing is looked
 * at. The function and the answer stay in the shell, so that the prepare script can see whether a file has changed since.
 * systemd runs a host that has /run/systemd/system (sd_booted(3)), a service has a control group while it runs, in whatever
 * version of those, and ifupdown has noted what it brought up.
 */
export const persistence: Fact<ObservedPersistence> = {
  name: 'persistence',
  snippet: () => `tunorch_boots() { [ ! -e /proc/1/ns/net ] || [ /proc/1/ns/net -ef /proc/self/ns/net ]; }
tunorch_files() {
  set --
  tunorch_boots || return 0
  for f in ${GLOBS.join(' ')}; do
    if [ -L "$f" ]; then printf 'symlink %s %s\\n' "$f" "$(readlink "$f")"; elif [ -f "$f" ]; then set -- "$@" "$f"; fi
  done
  [ $# = 0 ] || { stat -c 'text %n %a' "$@"; grep -H '' "$@"; }
}
tunorch_serves() { for f in /sys/fs/cgroup/system.slice/$1.service /sys/fs/cgroup/*/system.slice/$1.service; do [ ! -d "$f" ] || return 0; done; return 1; }
tunorch_keepers() {
  [ ! -d /run/systemd/system ] || echo 'runs systemd'
  if tunorch_serves systemd-networkd; then
    echo 'runs networkd'
    ! command -v netplan >/dev/null || echo 'runs netplan'
  fi
  ! tunorch_serves NetworkManager || echo 'runs networkmanager'
  [ ! -e /run/network/ifstate ] && [ ! -e /run/ifstate ] || echo 'runs ifupdown'
  [ -e /run/udev/control ] || echo 'lacks udev'
  [ -e /etc/systemd/system/dbus-org.freedesktop.nm-dispatcher.service ] || echo 'lacks dispatcher'
  grep -Eqs '${INCLUDES}' /etc/network/interfaces || echo 'lacks source'
  ${KEEPERS_SNIPPET.replaceAll('\n', '\n  ')}
}
tunorch_files_before=$(tunorch_files)
printf '%s\\n' "$tunorch_files_before"
! tunorch_boots || tunorch_keepers`,
  parse(section) {
    const named = (word: string) =>
      [...section.matchAll(new RegExp(`^${word} (\\S+)(?: (\\S+))?$`, 'gm'))].map(([, name = '', value = '']) => ({ name, value }));
    const known = <T extends string>(word: string, names: readonly T[]) => named(word).flatMap(({ name }) => names.filter((one) => one === name));
    const texts = textsIn(section);
    return {
      backEnds: new Set<BackEndName>(known('runs', BACK_END_NAMES)),
      obstacles: new Set<PersistObstacle>(known('lacks', OBSTACLES)),
      keepers: parseKeepers(section),
      files: [
        ...named('text').map(({ name, value }): StoredFile => ({ kind: 'text', path: name, mode: value, text: texts.get(name) ?? '' })),
        ...named('symlink').map(({ name, value }): StoredFile => ({ kind: 'symlink', path: name, target: value })),
      ],
    };
  },
};

/** Every line behind its file's path, as grep(1) prints it; a file that does not end with a line break reads as if it did. */
function textsIn(section: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [, path = '', line = ''] of section.matchAll(/^(\/[^:\n]+):([^\n]*)$/gm)) texts.set(path, `${texts.get(path) ?? ''}${line}\n`);
  return texts;
}
