import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a host of its own differs in from this machine. */
export interface PrivateEtc {
  readonly folder: string;
  readonly rootPassword: string;
  /** Lines of doas.conf(5). */
  readonly doas: readonly string[];
}

/** Shows the program that follows a copy of /etc, with another password of root: nothing of this machine's own is changed. */
const SCRIPT = 'mount --bind "$1/etc" /etc && chpasswd <"$1/root-password" && shift && exec "$@"';

/**
 * Makes a copy of /etc as it is now, and gives the words to start a program with that sees it in place of /etc.
 *
 * Users made later are not in it.
 */
export function privateEtc({ folder, rootPassword, doas }: PrivateEtc): readonly [string, ...string[]] {
  execFileSync('cp', ['-a', '/etc', join(folder, 'etc')]);
  writeFileSync(join(folder, 'root-password'), `root:${rootPassword}\n`, { mode: 0o600 });
  const doasFile = join(folder, 'etc', 'doas.conf');
  writeFileSync(doasFile, `${doas.join('\n')}\n`);
  chmodSync(doasFile, 0o400);
  return ['unshare', '--mount', '/bin/sh', '-c', SCRIPT, 'private-etc', folder];
}
