import type { PlaybookEvent } from '../run/events.ts';
import type { PlaybookState } from './run-state.ts';

/** A playbook after one more of its events. */
export function reducePlaybook(state: PlaybookState | undefined, event: PlaybookEvent): PlaybookState {
  const before = state ?? { path: '', version: '', isCheck: false, plays: [], finished: [] };
  switch (event.type) {
    case 'playbook-started':
      return { path: event.playbook, version: event.version, isCheck: event.isCheck, plays: event.plays, finished: [] };
    case 'play-started': {
      const { step: _last, ...rest } = before;
      return { ...rest, play: event.play };
    }
    case 'play-step':
      return { ...before, step: { batch: event.batch, name: event.step } };
    case 'play-finished':
      return { ...before, finished: [...before.finished, event.recap] };
    default:
      return { ...before, recap: event.recap };
  }
}
