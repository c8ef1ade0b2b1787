import type { Allotment } from '../domain/allotment.ts';
import type { ToldLock } from './run-state.ts';
import type { Telling } from './theme.ts';
import { oneLine, wrap } from './width.ts';
import { count } from './words.ts';

export interface LockTelling extends Telling {
  /** Tunnel by tunnel. */
  readonly isInFull: boolean;
}

/** What tunnels of meshes are given: a title, and in full a line a tunnel. */
export function lockLines(
  { path, isWritten, allotted, released }: ToldLock,
  { theme: { paint }, columns, isInFull }: LockTelling,
): readonly string[] {
  const news = [
    ...(allotted.length === 0 ? [] : [`${count(allotted.length, 'tunnel')} given addresses`]),
    ...(released.length === 0 ? [] : [`${count(released.length, 'tunnel')} released`]),
  ];
  const title = `${oneLine(path)}: ${[isWritten ? 'written' : 'would be written', ...news].join(', ')}`;
  const tunnels = isInFull
    ? [...allotted.map((one) => ['+', givenTo(one)] as const), ...released.map(({ tunnel }) => ['-', `${tunnel} released`] as const)]
    : [];
  return [
    ...wrap(title, columns).map((line) => paint('strong', line)),
    ...tunnels.flatMap(([sign, text]) => wrap(oneLine(text), columns - 4).map((line, row) => paint('quiet', `  ${row === 0 ? sign : ' '} ${line}`))),
  ];
}

/** `backbone-r1-r2: key 1, r1 10.99.0.0 on backbone-r2, r2 10.99.0.1 on backbone-r1` */
function givenTo({ tunnel, key, ends }: Allotment): string {
  return `${tunnel}: ${[...(key === undefined ? [] : [`key ${key}`]), ...ends.map(({ host, address, device }) => `${host} ${address} on ${device}`)].join(', ')}`;
}
