import { quote } from '../shell/quote.ts';
import { FIND_HOME } from './run-folder.ts';

/** What shows that a module is in use: devices of these kinds, but those it makes by itself. */
export interface ModuleUse {
  readonly module: string;
  /** `TYPE`s of ip-link(8). */
  readonly kinds: readonly string[];
  readonly fallbackDevices: readonly string[];
}

/** What became of a module; `kept` names what uses it, or why nobody can tell. */
export interface Unloading {
  readonly module: string;
  readonly state: 'unloaded' | 'kept';
  readonly words: string;
}

const REPORT = '@@tunorch-unload';

/**
 * Unloads modules that no tunnel needs any more, in no network namespace of the host.
 *
 * The kernel deletes every tunnel of a module that is unloaded, whatever its reference count says, so each namespace that a
 * process is in or that has a name is looked into first; one that cannot be looked into keeps the module. What is built in
 * or not loaded is passed over. Needs the functions and answers of the gather script in the same shell, and takes the host's lock
 * where this run does not hold it; what a run that was killed left there stays for the next one that settles it.
 */
export function unloadScript(uses: readonly ModuleUse[]): string {
  return `${FIND_HOME}
tunorch_say() { printf '${REPORT} %s %s %s\\n' "$1" "$2" "$3"; }
tunorch_spaces() {
  seen=" $tunorch_netns "
  for f in /run/netns/* /proc/[0-9]*/ns/net; do
    [ -e "$f" ] || continue
    case $f in /proc/*) space=$(readlink "$f") || continue ;; *) space="net:[$(stat -L -c %i "$f")]" ;; esac
    case $seen in *" $space "*) ;; *) seen="$seen$space "; echo "$f" ;; esac
  done
}
tunorch_users() {
  fallback=$1; shift
  for kind; do
    for f in '' $tunorch_other; do
      if [ -z "$f" ]; then links=$(ip -o link show type "$kind"); else links=$(nsenter --net="$f" ip -o link show type "$kind"); fi || { echo "what nobody could look for\${f:+ in $f}"; return; }
      [ -z "$links" ] || echo "$links" | while read -r _ name _; do
        name=\${name%%[@:]*}; case " $fallback " in *" $name "*) ;; *) echo "$name\${f:+ in $f}" ;; esac
      done
    done
  done
}
tunorch_unload() {
  module=$1; shift
  [ -e "/sys/module/$module/initstate" ] || return 0
  users=$(tunorch_users "$@" 2>/dev/null)
  if [ -n "$users" ]; then tunorch_say "$module" kept "it is used by $(echo "$users" | head -n 3 | tr '\\n' ',' | sed 's/,$//; s/,/, /g')"
  elif words=$(modprobe -r "$module" 2>&1); then tunorch_say "$module" unloaded -
  else tunorch_say "$module" kept "$(printf %s "$words" | head -n 1)"; fi
}
tunorch_unload_all() {
  tunorch_other=$(tunorch_spaces)
${uses.map(({ module, kinds, fallbackDevices }) => `  tunorch_unload ${[module, fallbackDevices.join(' '), ...kinds].map(quote).join(' ')}`).join('\n')}
}
if [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ]; then tunorch_unload_all
else (
  mkdir -p "$tunorch_home" && command exec 9>>"$tunorch_home/lock" && flock -n 9 9>&9 || { ${uses.map(({ module }) => `tunorch_say ${quote(module)} kept 'another run is at work'`).join('; ')}; exit 0; }
  tunorch_unload_all; rm -f "$tunorch_home/lock"; rmdir "$tunorch_home" "\${tunorch_home%/*}" 2>/dev/null
) fi
:`;
}

/** Reads what {@link unloadScript} printed; a module without a report was not there. */
export function readUnloaded(stdout: string): readonly Unloading[] {
  return [...stdout.matchAll(new RegExp(`^${REPORT} (\\S+) (unloaded|kept) (.+)$`, 'gm'))].map(([, module = '', state, words = '']) => ({
    module,
    state: state as Unloading['state'],
    words,
  }));
}
