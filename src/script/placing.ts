import { inverseLine } from './inverse.ts';
import type { HostTunnel } from './journal.ts';

/**
 * How a host writes files: first beside their places, so that whatever can go wrong goes wrong while everything can still be
 * undone, and then, when the tunnel is kept, all by rename(2). Programs that read them are told once for all tunnels. A file that
 * went would be back after a power cut if its folder were not written to disk.
 *
 * Folders are for all to read, since systemd-networkd is not root. `sync FILE` is of coreutils 8.24; older ones write everything
 * to disk. A folder of drop-ins goes with the last of them. netplan reads all its files together, so it is shown a copy of them
 * with the new one.
 */
export const FILE_FUNCTIONS = `tunorch_folder() ( umask 022; mkdir -p "\${1%/*}" )
tunorch_write() { tunorch_folder "$1" && rm -f "$1" && ( umask 077; printf %s "$3" >"$1" ) && chmod "$2" "$1" && sync "$1"; }
tunorch_link() { tunorch_folder "$1" && ln -sfn "$2" "$1"; }
tunorch_put() { mv -f "$1" "$2" && sync "\${2%/*}"; }
tunorch_remove() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  rm -f "$1"; case $1 in *.netdev.d/* | *.network.d/*) rmdir "\${1%/*}" 2>/dev/null ;; esac
  sync "\${1%/*}" 2>/dev/null || sync "\${1%/*/*}"; :
}
tunorch_netplan() (
  c=$tunorch_run/netplan; trap 'rm -rf "$c"' EXIT
  umask 077; mkdir -p "$c/etc/netplan"; cp /etc/netplan/*.yaml "$c/etc/netplan/" 2>/dev/null
  cp "$1" "$c/etc/netplan/\${2##*/}" && netplan generate --root-dir "$c"
)
tunorch_reload() { grep -qsxF "$*" "$tunorch_run/reloads" || echo "$*" >>"$tunorch_run/reloads"; }
tunorch_reload_all() { [ ! -e "$tunorch_run/reloads" ] || { while read -r words; do timeout 20 $words </dev/null; done <"$tunorch_run/reloads"; rm -f "$tunorch_run/reloads"; } >/dev/null 2>&1; }`;

/** What becomes of staged files where a failed tunnel is left as it is: nothing shall bring it back. */
export function unstageFunction({ steps }: HostTunnel, index: number): string {
  const lines = steps.flatMap(({ inverse }) => inverse.filter(({ kind }) => kind === 'unstage-file').map(inverseLine));
  return `tunorch_unstage_${index + 1}() { ${[...lines, ':'].join('; ')}; }`;
}
