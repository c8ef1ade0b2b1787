/** Tenths of a second until tcpdump must listen. */
const PATIENCE = 50;

/** Opens a file that has no name any more: nothing is left on the host, however the session ends. Fails where there is nowhere to write. */
export function openNameless(write: number, read: number): string {
  return `{ tunorch_file=$(mktemp 2>/dev/null || mktemp -p /dev/shm 2>/dev/null) && exec ${write}>"$tunorch_file" ${read}<"$tunorch_file" && rm -f "$tunorch_file"; }`;
}

/** Waits until tcpdump, whose process is `$tunorch_capture`, says that it listens; what it says is in `$heard`. The variable is empty afterwards where it does not. */
export function awaitListening(read: number): string {
  return `tries=0 heard=
  until case $heard in *listening*) true ;; *) false ;; esac; do
    tries=$((tries + 1)); [ "$tries" -le ${PATIENCE} ] && kill -0 "$tunorch_capture" 2>/dev/null || { heard="$heard$(cat <&${read})"; kill "$tunorch_capture" 2>/dev/null; tunorch_capture=; break; }
    sleep 0.1 2>/dev/null || sleep 1; heard="$heard$(cat <&${read})"
  done`;
}
