import type { Setting } from './rules.ts';
import type { HostState, State } from './state.ts';

/** What must hold in every state. */
export function brokenOnTheWay({ hosts }: State): string | undefined {
  if (hosts.some(({ undos }) => undos > 1)) return 'two actors rolled back the same host';
  const isCommitted = ({ tunnel }: HostState) => tunnel === 'committed' || tunnel === 'kept';
  if (hosts.some((host) => isCommitted(host) && host.carries !== 'new' && host.mutex !== 'watch-asks'))
    return 'a host was committed that does not carry the tunnel';
  return undefined;
}

/** What must hold where nothing more has to happen. */
export function brokenAtRest(state: State, { kind }: Setting): string | undefined {
  const living = state.hosts.filter(({ power }) => power !== 'dead');
  if (living.some(({ carries }) => carries === 'part')) return 'a host was left half changed';
  if (living.some(({ tunnel, watch }) => tunnel !== '(none)' || (watch !== 'ended' && watch !== 'off')))
    return 'something of the run was left on a host';
  if (new Set(living.map(({ carries }) => carries)).size > 1) return 'one host has the new tunnel, the other the old state';
  if (kind !== 'removal' && living.some(({ carries, hasHeard }) => carries === 'new' && !hasHeard))
    return 'a tunnel was kept that was never verified';
  return brokenWord(state, living);
}

/** What the controller says must be so; a tunnel whose other end died after it was changed may be gone. */
function brokenWord({ controller: { told } }: State, living: readonly HostState[]): string | undefined {
  const isTrue = (carried: 'old' | 'new') => living.every(({ carries }) => carries === carried);
  if (told === 'changed' && living.length === 2 && !isTrue('new')) return 'the controller says that the tunnel was changed, and it was not';
  if ((told === 'rolled-back' || told === 'untouched') && !isTrue('old')) return 'the controller says that nothing is changed, and something is';
  return undefined;
}
