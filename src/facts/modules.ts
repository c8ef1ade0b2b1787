import type { ModuleSupport } from '../domain/observed.ts';
import { quote } from '../shell/quote.ts';
import type { Fact } from './fact.ts';

/**
 * Whether the kernel has or can load each module, asked in the order loaded, built in, loadable; loads nothing.
 *
 * `modprobe -n` succeeding proves little: a blacklist does not stop a load by name, and an `install` rule makes it lie
 * (modprobe.d(5)). So the probe prints what it would run, and a second time with the blacklist applied (`-b`).
 */
export const modules: Fact<ReadonlyMap<string, ModuleSupport>, readonly string[]> = {
  name: 'modules',
  snippet: (names) => `${PROBE}\n${names.map((name) => `tunorch_module ${quote(name)}`).join('\n')}`,
  parse: (section) => new Map(section.split('\n@module ').slice(1).map(parseModule)),
};

const PROBE = `tunorch_module() {
  printf '\\n@module %s\\n' "$1"
  read -r release </proc/sys/kernel/osrelease
  if [ -d "/sys/module/$1" ]; then echo loaded; return; fi
  if grep -q "/$1\\.ko" "/lib/modules/$release/modules.builtin" 2>/dev/null; then echo built-in; return; fi
  [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" = 1 ] && echo loading-disabled
  [ -d "/lib/modules/$release" ] || { echo no-tree; ls /lib/modules 2>/dev/null | grep -q . && echo other-trees; }
  if [ -e /run/.containerenv ] || [ -e /.dockerenv ]; then echo container; fi
  command -v modprobe >/dev/null || { echo no-modprobe; return; }
  echo "would $(modprobe -n -v "$1" 2>/dev/null | tail -n 1)"
  echo "allowed $(modprobe -b -n -v "$1" 2>/dev/null | tail -n 1)"
}`;

function parseModule(text: string): [string, ModuleSupport] {
  const [name = '', ...lines] = text.split('\n').map((line) => line.trim());
  return [name, judge(lines)];
}

function judge(lines: readonly string[]): ModuleSupport {
  if (lines.includes('loaded')) return { state: 'loaded' };
  if (lines.includes('built-in')) return { state: 'built-in' };
  const would = answer(lines, 'would');
  const absence = (reason: Extract<ModuleSupport, { state: 'absent' }>['reason']): ModuleSupport => ({ state: 'absent', reason });
  if (lines.includes('loading-disabled')) return absence('loading-disabled');
  if (lines.includes('no-tree'))
    return absence(lines.includes('container') || !lines.includes('other-trees') ? 'container' : 'kernel-upgraded-without-reboot');
  if (lines.includes('no-modprobe')) return absence('modprobe-missing');
  if (would === '') return absence('no-such-module');
  if (would.startsWith('install ')) return absence('disabled-by-install-rule');
  return answer(lines, 'allowed') === '' ? absence('blacklisted') : { state: 'loadable' };
}

function answer(lines: readonly string[], word: string): string {
  return (
    lines
      .find((line) => line.startsWith(word))
      ?.slice(word.length)
      .trim() ?? ''
  );
}
