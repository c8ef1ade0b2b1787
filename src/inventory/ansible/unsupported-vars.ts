import { nearest } from '../nearest.ts';
import { problemAt, type Report } from '../problem.ts';
import { knownVars } from '../schema/host-schema.ts';
import type { Entry } from '../tree.ts';
import type { HostVars } from './vars.ts';

/** Ways of connecting that come down to what tunorch does. */
const SSH_CONNECTIONS = new Set(['ssh', 'smart', 'paramiko', 'paramiko_ssh', 'ansible.builtin.ssh', 'ansible.builtin.paramiko_ssh']);

/** Variables of connecting that only tune Ansible's own way of doing it. */
const WITHOUT_EFFECT =
  /^ansible_(ssh_(pipelining|retries|reconnection_retries|transfer_method|use_tty|control_.*)|pipelining|control_path(_dir)?|s(cp|ftp)_.*|become_(ask_pass|allow_same_user))$/;

/** The prefixes whose variables say how to reach a host or how to become root there. */
const ABOUT_CONNECTING = /^ansible_(ssh|become|su|sudo|doas|paramiko|connection|host_key|httpapi|winrm|psrp|network|docker|kubectl|jump)(_|$)/;

/** Variables of a host a tunnel uses that say how to connect, and that tunorch does not follow. */
export function reportUnsupportedVars(vars: HostVars, report: Report): void {
  const isBecoming = vars.has('ansible_become');
  for (const [name, entry] of vars) {
    if (!name.startsWith('ansible_') || knownVars.has(name) || WITHOUT_EFFECT.test(name)) continue;
    if (name === 'ansible_connection') reportConnection(entry, report);
    else if (isBecoming || !/^ansible_(become|su|sudo|doas)(_|$)/.test(name)) reportUnknown(name, entry, report);
  }
}

function reportConnection({ value }: Entry, report: Report): void {
  const way = value.kind === 'scalar' ? value.text : '';
  if (SSH_CONNECTIONS.has(way)) return;
  const hint = 'Remove ansible_connection, or take this host out of the tunnels.';
  report(problemAt(value, { code: 'inventory.unsupported-connection', message: `tunorch connects by ssh only, not by «${way}»`, hint }));
}

function reportUnknown(name: string, { key }: Entry, report: Report): void {
  const meant = nearest(name, knownVars);
  if (meant === undefined && !ABOUT_CONNECTING.test(name)) return;
  const hint = meant === undefined ? 'It has no effect here. Say it in ~/.ssh/config if the connection needs it.' : `Did you mean «${meant}»?`;
  report(problemAt(key, { code: 'inventory.unsupported-variable', message: `tunorch does not follow ${name}`, hint, severity: 'warning' }));
}
