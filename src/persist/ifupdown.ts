import { PERSIST_PLACES } from '../domain/persistence.ts';
import { quote, quoteAll } from '../shell/quote.ts';
import type { BackEnd, PersistedEnd } from './back-end.ts';
import { ownText } from './header.ts';

/**
 * ifupdown: a stanza that runs the same commands of `ip` as the run did: every mode and attribute (interfaces(5)).
 *
 * `ifup` leaves a link alone that is there; `ifdown` takes it away, as everything else that ifupdown made. All is one command,
 * since lines that are continued are read differently by ifupdown, ifupdown2 and ifupdown-ng.
 */
export const ifupdown: BackEnd = {
  name: 'ifupdown',
  places: [PERSIST_PLACES.interfaces],
  needs: ['source'],
  files: ({ endpoint, linkCommands, innerCommands }) => [
    ownText(endpoint, { place: PERSIST_PLACES.interfaces, lines: stanza(endpoint.device, [...linkCommands, ...innerCommands]) }),
  ],
};

function stanza(device: string, commands: PersistedEnd['linkCommands']): readonly string[] {
  const isThere = `[ -e ${quote(`/sys/class/net/${device}`)} ]`;
  return [
    `auto ${device}`,
    `iface ${device} inet manual`,
    `    pre-up ${isThere} || { ${commands.map((words) => quoteAll(['ip', ...words])).join(' && ')}; }`,
    `    post-down ! ${isThere} || ${quoteAll(['ip', 'link', 'delete', 'dev', device])}`,
  ];
}
