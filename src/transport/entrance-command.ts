import type { Become } from '../domain/host.ts';
import { type BecomeWay, becomeCommand } from './become-command.ts';
import { randomMark } from './phase-frame.ts';

/** The random words of one entrance: what the host prints, what sudo asks with, and what opens the shell. */
export interface EntranceMarks {
  readonly word: string;
  readonly prompt: string;
  readonly go: string;
}

export function newEntranceMarks(): EntranceMarks {
  return { word: randomMark(), prompt: `tunorch-${randomMark()}`, go: randomMark() };
}

/** Where distributions keep ip, modprobe, sysctl and nft: not in the PATH of an ssh command for plain users. The host's own order comes first. */
const PATH_LINE = 'PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin; LC_ALL=C; export PATH LC_ALL; umask 077';

/**
 * The command of the exec request: says hello, becomes root, and waits for the word that opens a root shell on stdin.
 *
 * It is read by whatever the user's login shell is (sh, bash, ash, zsh, fish, csh), so it is one line of one simple
 * command whose only quoting is a pair of single quotes around text without `'`, `!` and line breaks: the common
 * ground of those shells. Its lines of output are `<word> hello $SSH_CONNECTION`, `<word> missing`, `<word> no-terminal` and
 * `<word> ready <uid>`, and on stderr `<word> asks` and `<word> ended`; neither the word nor sudo's prompt stands whole in the command,
 * so that a login shell or forced command that echoes it is not mistaken for an answer, and never gets the password.
 *
 * Until the go word comes, lines of stdin are read and dropped: a password that reaches the root shell by any
 * misunderstanding is never run as a command.
 */
export function entranceCommand(become: Become | undefined, way: BecomeWay, marks: EntranceMarks): string {
  const rootShell = [
    PATH_LINE,
    `echo ${splitMark(marks.word)} ready $(id -u)`,
    `while read -r L; do case $L in ${marks.go}) exec /bin/sh;; esac; done`,
  ].join('; ');
  const hello = `echo ${splitMark(marks.word)} hello $SSH_CONNECTION`;
  const steps = become === undefined ? [hello, rootShell] : [hello, `R="${rootShell.replaceAll('$', '\\$')}"`, ...becomeSteps(become, way, marks)];
  return `exec /bin/sh -c '${steps.join('; ')}'`;
}

/** A host whose login user is root already needs neither the program nor its password. */
function becomeSteps(become: Become, way: BecomeWay, { word, prompt }: EntranceMarks): readonly string[] {
  const say = splitMark(word);
  return [
    'if [ "$(id -u)" = 0 ]; then exec /bin/sh -c "$R"; fi',
    PATH_LINE,
    `command -v ${become.method} >/dev/null 2>&1 || { echo ${say} missing; exit 1; }`,
    becomeCommand(become, way, {
      prompt: splitMark(prompt),
      sayAsking: `echo ${say} asks >&2`,
      sayEnded: `echo ${say} ended >&2`,
      sayNoTerminal: `echo ${say} no-terminal`,
    }),
  ];
}

function splitMark(mark: string): string {
  const half = mark.length / 2;
  return `${mark.slice(0, half)}\${1}${mark.slice(half)}`;
}
