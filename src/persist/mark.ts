import { PERSIST_PLACES, type StoredFile } from '../domain/persistence.ts';
import type { PersistedEnd } from './back-end.ts';
import { ownText } from './header.ts';

/** Of a link that a back end made, as against one of a run: a property of it in the database of udev(7). */
export const BORN_AT_BOOT = { name: 'TUNORCH', value: 'boot' } as const;

/**
 * A rule of udev(7) that marks the link as ours where its maker has no words for that.
 *
 * A run makes links in a device group of their own, a network manager makes them in group 0: that tells whose a link is from its
 * first moment. The manager's link gets our marks. A link that a run makes, now or in a year, is not the manager's business:
 * systemd-networkd asks for the property, and NetworkManager reads `NM_UNMANAGED`. Later events of a link keep what its
 * first one said.
 */
export function markRule({ endpoint, mark: { alias, group } }: PersistedEnd): StoredFile {
  const { name, value } = BORN_AT_BOOT;
  const link = `SUBSYSTEM=="net", KERNEL=="${endpoint.device}"`;
  const lines = [
    `${link}, IMPORT{db}="${name}"`,
    `ACTION=="add", ${link}, ATTR{netdev_group}=="0", ENV{${name}}="${value}", ATTR{ifalias}="${alias}", ATTR{netdev_group}="${group}"`,
    `${link}, ENV{${name}}!="${value}", ENV{NM_UNMANAGED}="1"`,
  ];
  return ownText(endpoint, { place: PERSIST_PLACES.mark, lines });
}
