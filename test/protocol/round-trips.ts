import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

/** What a capture on the controller saw of one connection. */
export interface Traffic {
  readonly roundTrips: number;
  /** Of TCP's payload, both ways. */
  readonly bytes: number;
  readonly packets: number;
}

/** Records what crosses a device of a namespace until it is ended; ready when it says so. */
export async function startCapture(
  space: string,
  { device, file }: { readonly device: string; readonly file: string },
): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(
    'ip',
    ['netns', 'exec', space, 'tcpdump', '--immediate-mode', '-U', '-n', '-i', device, '-w', file, 'tcp port 22'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await new Promise((resolve, reject) => {
    child.stderr?.on('data', (piece: Buffer) => piece.includes('listening on') && resolve(undefined));
    child.once('exit', () => reject(new Error('tcpdump did not start')));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return () => {
    child.kill('SIGINT');
    return ended;
  };
}

/** Whether the capture has seen the end of the connection to a host: then it has seen all of it. */
export function hasEnd(file: string, host: string): boolean {
  return textOf(file, `src host ${host} and tcp[tcpflags] & (tcp-fin|tcp-rst) != 0`) !== '';
}

function textOf(file: string, filter: string): string {
  return execFileSync('tcpdump', ['-r', file, '-n', '-tt', filter], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/**
 * Counts the round trips to a host: how often the controller said something that it could say only after an answer.
 *
 * What comes from the host answers nothing that was sent less than a round trip before; so how long either side thinks, and
 * how busy the machine is, changes nothing.
 *
 * @param delayMs - of the link, each way
 */
export function trafficOf(file: string, { host, delayMs }: { readonly host: string; readonly delayMs: number }): Traffic {
  const text = textOf(file, `host ${host}`);
  const sent: { readonly at: number; readonly depth: number }[] = [];
  let answered = 0;
  let [bytes, packets] = [0, 0];
  for (const line of text.split('\n')) {
    const [, at, from, flags, length] = /^(\S+) IP (\S+) > .* Flags \[(\S+)\].* length (\d+)/.exec(line) ?? [];
    if (at === undefined || flags === undefined) continue;
    packets += 1;
    bytes += Number(length);
    if (length === '0' && !flags.includes('S')) continue;
    const seconds = Number(at);
    if (from?.startsWith(`${host}.`)) {
      const heard = sent.findLast((one) => one.at <= seconds - (2 * delayMs) / 1000);
      answered = Math.max(answered, heard?.depth ?? 0);
    } else sent.push({ at: seconds, depth: answered + 1 });
  }
  return { roundTrips: answered, bytes, packets };
}
