import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeHost } from './fake-host.ts';

interface FakeTcpdump {
  /** What it captures, at once. */
  readonly file: Uint8Array;
  /** Whether it ends by itself, as with -c. */
  readonly isFull?: boolean;
  /** It says this and ends, instead of listening. */
  readonly refusal?: string;
}

/** A `tcpdump` for a fake host: a process of its own that says, writes and ends as tcpdump does. */
export class Tcpdump {
  readonly #root: string;

  constructor({ files: { root } }: FakeHost, { file, isFull = false, refusal }: FakeTcpdump) {
    this.#root = root;
    writeFileSync(join(root, 'captured'), file);
    writeFileSync(
      join(root, 'bin/tcpdump'),
      `#!/bin/sh
case $1 in --help) echo 'tcpdump version 4.99.3'; echo 'Usage: tcpdump [--immediate-mode]'; exit ;; esac
printf '%s\\n' "$*" >"${root}/argv"
echo $$ >"${root}/tcpdump.pid"
${refusal === undefined ? '' : `echo 'tcpdump: ${refusal}' >&2; exit 1`}
cat "${root}/captured"
echo 'tcpdump: listening on eth0, link-type RAW (Raw IP), snapshot length 256 bytes' >&2
trap 'echo "1 packet dropped by kernel" >&2; exit 0' TERM
${isFull ? 'exit 0' : 'while :; do sleep 0.05; done'}
`,
    );
    chmodSync(join(root, 'bin/tcpdump'), 0o755);
  }

  /** How it was called last. */
  get argv(): string {
    return readFileSync(join(this.#root, 'argv'), 'utf8').trim();
  }

  /** Whether its process still runs. */
  get isRunning(): boolean {
    const path = join(this.#root, 'tcpdump.pid');
    return existsSync(path) && existsSync(`/proc/${readFileSync(path, 'utf8').trim()}`);
  }

  remove(): void {
    rmSync(join(this.#root, 'bin/tcpdump'));
  }
}
