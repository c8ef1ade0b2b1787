import type { BackEndName, PersistChoice, StoredFile } from '../domain/persistence.ts';
import type { BackEnd, PersistedEnd } from './back-end.ts';
import { bootSettings } from './boot-settings.ts';
import { systemd } from './systemd.ts';

/** The registry: one line a back end, the first that runs a host is the one for `auto`. */
export const backEnds: ReadonlyMap<BackEndName, BackEnd> = new Map([systemd].map((backEnd) => [backEnd.name, backEnd]));

/** The one that is asked for, or that runs the host; undefined where there is none. */
export function chosenBackEnd(choice: PersistChoice, running: ReadonlySet<BackEndName>): BackEnd | undefined {
  return [...backEnds.values()].find(({ name }) => running.has(name) && (choice === 'auto' || choice === name));
}

/** Everything that brings one end back at boot, in the order it is placed: what starts it comes last. */
export function filesOf(backEnd: BackEnd, end: PersistedEnd): readonly StoredFile[] {
  return [...bootSettings(end), ...backEnd.files(end)];
}
