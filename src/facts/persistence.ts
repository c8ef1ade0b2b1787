import { BACK_END_NAMES, type BackEndName, type ObservedPersistence, PERSIST_PLACES, type StoredFile } from '../domain/persistence.ts';
import type { Fact } from './fact.ts';

/**
 * What could bring a tunnel back at boot, and the files that do.
 *
 * Network namespaces may share one file system, and none but the first is made by a boot: in the others nothing is looked
 * at. The function and the answer stay in the shell, so that the prepare script can see whether a file has changed since.
 * systemd runs a host that has /run/systemd/system (sd_booted(3)).
 */
export const persistence: Fact<ObservedPersistence> = {
  name: 'persistence',
  snippet: () => `tunorch_files() {
  set --
  [ ! -e /proc/1/ns/net ] || [ /proc/1/ns/net -ef /proc/self/ns/net ] || return 0
  [ ! -d /run/systemd/system ] || echo 'runs systemd'
  for f in ${Object.values(PERSIST_PLACES)
    .map((place) => `${place}*`)
    .join(' ')}; do
    if [ -L "$f" ]; then printf 'symlink %s %s\\n' "$f" "$(readlink "$f")"; elif [ -f "$f" ]; then set -- "$@" "$f"; fi
  done
  [ $# = 0 ] || { stat -c 'text %n %a' "$@"; grep -H '' "$@"; }
}
tunorch_files_before=$(tunorch_files)
printf '%s\\n' "$tunorch_files_before"`,
  parse(section) {
    const named = (word: string) =>
      [...section.matchAll(new RegExp(`^${word} (\\S+)(?: (\\S+))?$`, 'gm'))].map(([, name = '', value = '']) => ({ name, value }));
    const backEnds = named('runs').flatMap(({ name }) => BACK_END_NAMES.filter((one) => one === name));
    const texts = textsIn(section);
    return {
      backEnds: new Set<BackEndName>(backEnds),
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
