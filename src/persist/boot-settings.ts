import { PERSIST_PLACES, type StoredFile } from '../domain/persistence.ts';
import { modeOf } from '../modes/index.ts';
import type { PersistedEnd } from './back-end.ts';
import { ownText } from './header.ts';

/** What must be so before the tunnel is made at boot, whatever makes it: modules (modules-load.d(5)) and forwarding (sysctl.d(5)). */
export function bootSettings(end: PersistedEnd): readonly StoredFile[] {
  return [modulesFile(end), ...(end.sysctls.length === 0 ? [] : [sysctlFile(end)])];
}

function modulesFile({ endpoint }: PersistedEnd): StoredFile {
  return ownText(endpoint, { place: PERSIST_PLACES.modules, lines: modeOf(endpoint.mode).modules });
}

/** With slashes, since a device may have dots in its name; udev sets those of a device when it comes. */
function sysctlFile({ endpoint, sysctls }: PersistedEnd): StoredFile {
  const lines = sysctls.map(({ path, value }) => `${path} = ${value}`);
  return ownText(endpoint, { place: PERSIST_PLACES.sysctl, lines });
}
