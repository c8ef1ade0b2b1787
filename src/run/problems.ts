import type { Problem } from '../domain/problem.ts';
import { stripControl } from '../domain/strip-control.ts';
import type { PlannedChange } from '../plan/change.ts';
import type { Applied } from '../script/apply.ts';

/** What is wrong with an apply on one host; nothing where it is done. */
export function applyProblems(host: string, applied: Applied): readonly Problem[] {
  if (applied.state === 'done') return [];
  if (applied.state === 'cut-off') return [cutOff(host, applied)];
  if (applied.state === 'failed') {
    return [
      {
        code: 'apply.step-refused',
        host,
        message: `the step «${applied.step.title}» was refused (status ${applied.status})`,
        hint: 'The host’s own words say why; correct the inventory or the host and run again.',
        step: applied.step.title,
        command: applied.command,
        words: stripControl(applied.words),
      },
    ];
  }
  const message = 'its own timer undid the run before the steps were applied';
  return [{ code: 'apply.not-done', host, message, hint: 'Run again; with a slow host, allow more time with --deadline.' }];
}

/** What ends a shell by a signal on a host of its own accord is mostly the kernel, for want of memory. */
function cutOff(host: string, { status, words }: { readonly status: number; readonly words: string }): Problem {
  const how = status === 0 ? 'well' : status > 128 ? `by signal ${status - 128}` : `with status ${status}`;
  return {
    code: 'apply.not-done',
    host,
    message: `the shell that applied the steps ended ${how}, and did not say how far it came`,
    hint: 'Look into the kernel’s log of the host (`dmesg`) for what killed it, such as a lack of memory, and run again; with a slow host, allow more time with --deadline.',
    ...(words === '' ? {} : { words: stripControl(words) }),
  };
}

/** One end did not say that it committed. */
export function inDoubt(unconfirmed: readonly string[], confirmed: readonly string[]): Problem {
  return {
    code: 'commit.in-doubt',
    ...(unconfirmed[0] === undefined ? {} : { host: unconfirmed[0] }),
    message: `${unconfirmed.join(' and ')} did not confirm the commit in time${confirmed.length === 0 ? '' : `, so ${confirmed.join(' and ')} was told to roll back`}`,
    hint: 'Look at the connection to the host, then run again.',
  };
}

/** A host that was lost and not met again. */
export function notMetAgain(host: string): Problem {
  return {
    code: 'rollback.unproved',
    host,
    message: 'it could not be reached again to see whether its own timer rolled it back',
    hint: 'When it is back, run `tunorch plan`; the commands below bring it back by hand.',
  };
}

/** A host that was met again, but had not yet settled the run by its own timer. */
export function notDecided(host: string): Problem {
  return {
    code: 'rollback.undecided',
    host,
    message: 'when it was last seen, its own timer had not yet decided whether to keep the tunnel',
    hint: 'Wait a moment and run `tunorch plan`; the commands below bring it back by hand.',
  };
}

/** So little of the deadline was left that a commit could not have been taken back. */
export function tooLate(): Problem {
  return {
    code: 'commit.too-late',
    message: 'too little of the deadline was left to commit on both ends',
    hint: 'Allow more time with --deadline.',
  };
}

/** A rollback that did not bring everything back. */
export function differs(host: string, left: readonly string[]): Problem {
  return {
    code: 'rollback.differs',
    host,
    message: 'it is not as it was before the run',
    hint: 'The commands below bring it back; run `tunorch plan` afterwards.',
    words: left.join('\n'),
  };
}

/** A tunnel that failed, and was to be left for somebody to look at. */
export function leftAsIs(host: string, left: readonly string[]): Problem {
  return {
    code: 'rollback.not-wanted',
    host,
    message: 'it was left as the failure found it, as --no-rollback wants',
    hint: 'Look at it; then type the commands below, or run `tunorch up` or `tunorch down` again.',
    words: left.join('\n'),
  };
}

/** What would be done now is not what was agreed to. */
export function movedOn(changes: readonly PlannedChange[]): Problem {
  const now = changes.map(({ host, action, object }) => `${host}: ${action} ${object}`);
  return {
    code: 'plan.moved-on',
    message: 'the hosts are not as they were when the plan was made: something else would be done now',
    hint: 'Look at what changed there, make a new plan with `tunorch plan --out FILE`, and have it agreed to again.',
    words: now.length === 0 ? 'now: nothing' : `now: ${now.join('\n')}`,
  };
}

/** The kernel does not have what the inventory declares. */
export function drifted({ host, action, object, differences = [] }: PlannedChange): Problem {
  const details = differences.map(({ name, from, to }) => `${name} ${from ?? 'unset'} → ${to ?? 'unset'}`).join(', ');
  return {
    code: 'verify.drift',
    host,
    message: `not as declared: ${action} ${object}${details === '' ? '' : ` (${details})`}`,
    hint: 'Run `tunorch up` to bring it back.',
  };
}
