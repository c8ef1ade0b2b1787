import type { Become } from '../domain/host.ts';

/**
 * How a become program is started: on the session's own streams, or below script(1), whose terminal it may use while the
 * root shell has the session's streams all the same.
 */
export type BecomeWay = 'streams' | 'terminal';

/** What a become command says and asks with; each is text for a POSIX sh without `'`, `!` and line breaks, good between double quotes too. */
export interface BecomeWords {
  /** The prompt that sudo is given. */
  readonly prompt: string;
  /** Prints that a prompt may follow on stderr, which is not of our making. */
  readonly sayAsking: string;
  /** Prints on stderr that the program ended, where the command itself may not end with it. */
  readonly sayEnded: string;
  /** Prints that the host has no script(1). */
  readonly sayNoTerminal: string;
}

/** doas reads a password from a terminal only. sudo is tried without one first, and su of util-linux and busybox needs none. */
export function wayOf({ method, password }: Become): BecomeWay {
  return method === 'doas' && password !== undefined ? 'terminal' : 'streams';
}

/** Commands that end in a root shell which runs `$R`. */
export function becomeCommand(become: Become, way: BecomeWay, words: BecomeWords): string {
  switch (become.method) {
    case 'sudo':
      return sudoCommand(become, way, words);
    case 'doas':
      return doasCommand(become, words);
    case 'su':
      return suCommand(become, words);
  }
}

function sudoCommand({ password }: Become, way: BecomeWay, words: BecomeWords): string {
  const sudo = `exec sudo -H -u root ${password === undefined ? '-n' : `-S -p ${words.prompt}`} /bin/sh -c`;
  if (way === 'streams') return `${sudo} "$R"`;
  return [...terminalOrEnd(words), `exec ${belowScript(sudo)} 3<&0 4>&1 5>&2 </dev/null >/dev/null 2>&1`].join('; ');
}

/**
 * Where doas.conf says nopass, no password may wait in the session's stdin: then the root shell is made without a terminal.
 * Otherwise `head` takes the one line that comes once doas asked; where it never asks, `head` waits for as long as there is a session.
 */
function doasCommand({ password }: Become, words: BecomeWords): string {
  const withoutPassword = 'exec doas -n -u root /bin/sh -c "$R"';
  if (password === undefined) return withoutPassword;
  return [
    `if doas -n -u root /bin/sh -c : </dev/null >/dev/null 2>&1; then ${withoutPassword}; fi`,
    ...terminalOrEnd(words),
    words.sayAsking,
    `{ head -n 1 | { ${belowScript('exec doas -u root /bin/sh -c')} >&2; ${words.sayEnded}; }; } 3<&0 4>&1 5>&2`,
    'exit 1',
  ].join('; ');
}

/**
 * su reads one line of its stdin, and may ask on stdout (busybox). Without a password it gets no stdin, since it would read the first
 * script. Its shell takes the session's streams back: unlike the others, su keeps descriptors.
 */
function suCommand({ password }: Become, { sayAsking }: BecomeWords): string {
  const su = (streams: string) => `export R; exec su root -c "exec /bin/sh -c \\"\\$R\\" ${streams}"`;
  return password === undefined ? `${su('<&3')} 3<&0 </dev/null` : `${sayAsking}; ${su('>&4')} 4>&1 >&2`;
}

function terminalOrEnd({ sayNoTerminal }: BecomeWords): readonly string[] {
  return [`command -v script >/dev/null 2>&1 || { ${sayNoTerminal}; exit 1; }`, 'SHELL=/bin/sh; export SHELL R'];
}

/** sudo and doas close every other descriptor, so the streams are given back before them. Busybox's script has no more options than these. */
function belowScript(command: string): string {
  return `script -q -c "${command} \\"\\$R\\" <&3 >&4 2>&5" /dev/null`;
}
