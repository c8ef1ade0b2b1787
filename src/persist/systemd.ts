import { PERSIST_PLACES, pathAt, type StoredFile } from '../domain/persistence.ts';
import type { BackEnd, PersistedEnd } from './back-end.ts';
import { ownText } from './header.ts';

/**
 * A unit that runs the same commands of `ip` as the run did: every mode and attribute, on every host with systemd
 * (systemd.service(5)).
 *
 * It leaves a link alone that is there, and has nothing to do when it is stopped. `env` finds `ip` in whatever folder the
 * distribution has it; relative names are for systemd 239 and newer. It needs no address of the underlay, so it does not
 * wait for the network, and whoever waits for the network finds the tunnel.
 */
export const systemd: BackEnd = {
  name: 'systemd',
  places: [PERSIST_PLACES.unit, PERSIST_PLACES.wanted],
  needs: [],
  files: (end) => [unitOf(end), wantedBy(end)],
  reload: ['systemctl', 'daemon-reload'],
};

const AFTER = ['network-pre.target', 'systemd-modules-load.service', 'systemd-sysctl.service'];

function unitOf({ endpoint, linkCommands, innerCommands }: PersistedEnd): StoredFile {
  const { tunnel, device, dev } = endpoint;
  const underlay = dev === undefined ? [] : [deviceUnit(dev)];
  const lines = [
    '[Unit]',
    `Description=Tunnel ${tunnel} of tunorch`,
    `ConditionPathExists=!/sys/class/net/${device}`,
    `Wants=${['network.target', ...underlay].join(' ')}`,
    `After=${[...AFTER, ...underlay].join(' ')}`,
    'Before=network.target',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...[...linkCommands, ...innerCommands].map((words) => `ExecStart=/usr/bin/env ip ${words.map(unitWord).join(' ')}`),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return ownText(endpoint, { place: PERSIST_PLACES.unit, lines });
}

/** What `systemctl enable` makes. */
function wantedBy({ endpoint: { device } }: PersistedEnd): StoredFile {
  return { kind: 'symlink', path: pathAt(PERSIST_PLACES.wanted, device), target: pathAt(PERSIST_PLACES.unit, device) };
}

/** Where systemd tells that a link is there; its name escaped as systemd-escape(1) does. */
function deviceUnit(link: string): string {
  const escaped = link.replaceAll(/[^\w:.]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `sys-subsystem-net-devices-${escaped}.device`;
}

/** A `%` begins a specifier (systemd.unit(5)), and a `$` a variable. @throws Error - blanks and quotes never come out of a validated inventory */
function unitWord(word: string): string {
  if (!/^[\w./:@%+=,;-]+$/.test(word) || word === ';') throw new Error(`not a word for a unit: ${JSON.stringify(word)}`);
  return word.replaceAll('%', '%%');
}
