import { expect } from 'vitest';
import type { Lab } from '../../src/lab/lab.ts';
import { labScript } from '../../src/lab/ssh.ts';

/**
 * Moments of a run that a host can be stopped in, in their order. `apply-1` is before the first line for `ip`, `apply-99`
 * after the last; `commit` before this end commits (the other may have), `committed` when it has and has not said so,
 * `last-word` when both have and the controller has said so.
 */
export const MOMENTS = [
  'gather',
  'lock',
  'journal',
  'armed',
  'apply-1',
  'apply-2',
  'apply-3',
  'apply-99',
  'verify',
  'heard',
  'commit',
  'committed',
  'last-word',
] as const;

export type Moment = (typeof MOMENTS)[number];

const FOLDER = '/run/gate';
/** First in the PATH of an SSH command, and not in the one these tests use themselves. */
const WRAPPERS = '/usr/local/bin';
const WRAPPED = ['ip', 'mv', 'flock', 'cat', 'ping'];

/**
 * Stands before the real programs and recognises moments by who calls what in which state of the transaction.
 *
 * It stops once, until the gate is opened. `refuse` refuses the n-th line of a batch, `capture` lets somebody else route
 * the SSH connection into the tunnel that has just been made.
 */
const WRAPPER = `#!/bin/sh
name=\${0##*/} PATH=/usr/sbin:/usr/bin:/sbin:/bin
any() { for f in /run/tunorch/*/*/*."$1"; do [ -e "$f" ] && return; done; return 1; }
is_at() { [ -e ${FOLDER}/at ] && read -r at <${FOLDER}/at && [ "$at" = "$1" ]; }
hold() {
  is_at "$1" && mv ${FOLDER}/at ${FOLDER}/held 2>/dev/null || return 0
  n=0; until [ -e ${FOLDER}/go ] || [ $n -ge 3000 ]; do n=$((n + 1)); sleep 0.05; done
}
batch() {
  n=0 before=
  while IFS= read -r line; do
    n=$((n + 1))
    if is_at "apply-$n"; then printf %s "$before" | ip -batch - || exit; before=; hold "apply-$n"; fi
    if [ "$(cat ${FOLDER}/refuse 2>/dev/null)" = "$n" ]; then
      printf %s "$before" | ip -batch - && echo "RTNETLINK answers: Operation not permitted
Command failed -:$n" >&2
      exit 1
    fi
    before="$before$line
"
  done
  printf %s "$before" | ip -batch - || exit
  hold apply-99
  [ ! -e ${FOLDER}/capture ] || ip route add "\${SSH_CONNECTION%% *}/32" dev gre1
  exit 0
}
if [ -e ${FOLDER}/on ]; then
  case $name in
    ip) if [ "$*" = '-batch -' ] && any begun && ! any undoing; then batch; elif ! any armed; then hold gather; fi ;;
    cat) [ $# != 0 ] || hold journal ;;
    ping) if any armed; then hold verify; fi ;;
    flock) case "$*" in
      '-n 9') hold lock ;;
      8) if any committed; then hold last-word; elif any begun; then hold commit; elif any armed; then hold armed; fi ;;
    esac ;;
    mv) case $2 in
      *.tentative) mv "$@" || exit; hold heard; exit 0 ;;
      *.committed) mv "$@" || exit; hold committed; exit 0 ;;
    esac ;;
  esac
fi
exec "$name" "$@"`;

/** What a host is made to do in the next run, beside stopping at a moment. */
export interface Trick {
  readonly at?: Moment;
  readonly refuseLine?: number;
  readonly routesSshIntoTunnel?: boolean;
}

/** A host that can be stopped at a moment of a run, from inside the programs it runs then. */
export class Gate {
  readonly guest: string;
  readonly #lab: () => Lab;

  constructor(lab: () => Lab, guest: string) {
    this.#lab = lab;
    this.guest = guest;
  }

  async install(): Promise<void> {
    const text = `cat >${WRAPPERS}/ip <<'SCRIPT'\n${WRAPPER}\nSCRIPT\nchmod 755 ${WRAPPERS}/ip\ncd ${WRAPPERS}; for n in ${WRAPPED.slice(1).join(' ')}; do cp ip $n; done`;
    await this.must(text);
  }

  async remove(): Promise<void> {
    await this.must(`rm -rf ${FOLDER}; cd ${WRAPPERS} && rm -f ${WRAPPED.join(' ')}`);
  }

  async set({ at, refuseLine, routesSshIntoTunnel }: Trick): Promise<void> {
    const lines = [
      at === undefined ? '' : `echo ${at} >${FOLDER}/at`,
      refuseLine === undefined ? '' : `echo ${refuseLine} >${FOLDER}/refuse`,
      routesSshIntoTunnel === true ? `: >${FOLDER}/capture` : '',
    ];
    await this.must(`rm -rf ${FOLDER}; mkdir -p ${FOLDER}; : >${FOLDER}/on\n${lines.join('\n')}`);
  }

  /** Waits until the run has come to the moment; false where it does not within some seconds. */
  async held(seconds: number): Promise<boolean> {
    const wait = `n=0; until [ -e ${FOLDER}/held ] || [ $n -ge ${seconds * 20} ]; do n=$((n + 1)); sleep 0.05; done; [ -e ${FOLDER}/held ]`;
    return (await labScript(this.#lab(), this.guest, wait)).status === 0;
  }

  async open(): Promise<void> {
    await this.must(`mkdir -p ${FOLDER}; rm -f ${FOLDER}/at; : >${FOLDER}/go`);
  }

  /** For a guest that cannot be reached in the meantime. */
  async openIn(seconds: number): Promise<void> {
    await this.must(`setsid sh -c 'sleep ${seconds}; : >${FOLDER}/go' </dev/null >/dev/null 2>&1 &`);
  }

  private async must(script: string): Promise<void> {
    const { status, stderr } = await labScript(this.#lab(), this.guest, script);
    expect(status, `${this.guest}: ${stderr}`).toBe(0);
  }
}
