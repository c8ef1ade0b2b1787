/** What a command's exit status means; README's table is compared with this one by a test. */
export const EXIT_CODES = {
  0: 'done, or nothing to do',
  1: 'a tunnel failed and both its ends are as they were, or verify, doctor or capture found it unhealthy',
  2: 'changes are pending (with --detailed-exitcode)',
  3: 'the input is wrong: usage or inventory',
  4: 'a host could not be worked with, and nothing was changed',
  5: 'a rollback is incomplete: the commands left to type were printed',
  6: 'verify: a tunnel loses packets or is slower than its rules allow',
  70: 'an error of tunorch itself: what was begun the hosts roll back by themselves, and nobody has looked',
  130: 'interrupted, after the rollback',
} as const;

export const INPUT_WRONG = 3;
/** EX_SOFTWARE of sysexits.h. */
export const UNEXPECTED = 70;
export const INTERRUPTED = 130;
