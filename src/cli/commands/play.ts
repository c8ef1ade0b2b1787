import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../../domain/diagnostic.ts';
import type { Tunnel } from '../../domain/tunnel.ts';
import { selectHosts } from '../../inventory/pattern-hosts.ts';
import { selectTunnels } from '../../inventory/patterns.ts';
import type { Play, Playbook } from '../../inventory/playbook/playbook.ts';
import { readPlaybook } from '../../inventory/playbook/read-playbook.ts';
import { outlineOf, runPlaybook } from '../../run/play/run-playbook.ts';
import { listingLines } from '../../ui/playbook-lines.ts';
import { PLAIN_THEME } from '../../ui/theme.ts';
import type { View } from '../../ui/view.ts';
import { askOnTerminal, hasTerminal } from '../ask.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { PlayFlags } from '../flags.ts';
import { reasonOf } from '../inventory-files.ts';
import { renderDiagnostics } from '../render-diagnostics.ts';
import { readSelection, type Selection } from '../select-tunnels.ts';
import { areLocksWritten, chosenOutput, inView, inWorld, requestOf } from './run-command.ts';

/** Plays a playbook, or lists it, and returns the exit status. */
export async function play(path: string, flags: PlayFlags): Promise<number> {
  const playbook = await openPlaybook(path, flags);
  const selection = await readSelection(flags.inventory ?? [], flags, { colour: chosenOutput(flags).colour });
  if (playbook === undefined || selection === undefined) return INPUT_WRONG;
  const chosen = chooseAll(playbook, selection, flags);
  const startAt = startOf(playbook, flags);
  if (chosen === undefined || startAt === undefined) return INPUT_WRONG;
  const tunnelsOf = (one: Play) => chosen.get(one) ?? [];
  if (flags.list === true) return list(playbook, tunnelsOf);
  if (flags.check !== true && !(await areLocksWritten(selection))) return INPUT_WRONG;
  const base = await requestOf('up', selection, { flags });
  const places = { hostsOf: hostsOf(selection), groupsOf: groupsOf(selection) };
  return inView(flags, (telling) =>
    inWorld(telling, flags, async (world) => {
      const playWorld = { ...world, newRunId: () => randomUUID(), confirm: confirmation(telling.view, flags) };
      return (await runPlaybook({ playbook, startAt, base, tunnelsOf, ...places }, playWorld)).exitCode;
    }),
  );
}

async function openPlaybook(path: string, flags: PlayFlags): Promise<Playbook | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    process.stderr.write(`error: ${path} cannot be read: ${reasonOf(cause)}\n`);
  });
  if (text === undefined) return undefined;
  const { playbook, diagnostics } = readPlaybook({ path, text });
  tell(diagnostics, flags);
  return playbook;
}

/** The tunnels of every play; what a pattern does not match is told, and ends it. */
function chooseAll({ plays }: Playbook, selection: Selection, flags: PlayFlags): ReadonlyMap<Play, readonly Tunnel[]> | undefined {
  const { desired, groups, tunnels } = selection;
  const diagnostics: Diagnostic[] = [];
  const matching = (pattern: string, { name }: Play): ReadonlySet<string> => {
    const found = selectTunnels(desired, groups, { limit: pattern });
    diagnostics.push(...found.diagnostics.map((one) => ({ ...one, message: one.message.replace('--limit', `play «${name}»`) })));
    return new Set(found.tunnels.map((tunnel) => tunnel.name));
  };
  const chosen = plays.map((one): [Play, readonly Tunnel[]] => {
    const named = one.tunnels === undefined ? undefined : matching(one.tunnels, one);
    const hosts = one.hosts === undefined ? undefined : hostsOf(selection)(one.hosts);
    if (one.hosts !== undefined) matching(one.hosts, one);
    const isMeant = ({ name, endpoints }: Tunnel) =>
      (named?.has(name) ?? true) && (hosts === undefined || endpoints.some(({ host }) => hosts.has(host)));
    return [one, tunnels.filter(isMeant)];
  });
  tell(diagnostics, flags);
  return diagnostics.length > 0 ? undefined : new Map(chosen);
}

function startOf({ plays }: Playbook, { startAt }: PlayFlags): number | undefined {
  if (startAt === undefined) return 0;
  const named = plays.findIndex(({ name }) => name === startAt);
  const index = named === -1 && /^[1-9]\d*$/.test(startAt) ? Number(startAt) - 1 : named;
  if (plays[index] !== undefined) return index;
  process.stderr.write(`error: --start-at: there is no play «${startAt}». There are: ${plays.map(({ name }) => name).join(', ')}\n`);
  return undefined;
}

function list(playbook: Playbook, tunnelsOf: (play: Play) => readonly Tunnel[]): number {
  const telling = { theme: PLAIN_THEME, columns: Number.POSITIVE_INFINITY };
  for (const outline of outlineOf({ playbook, tunnelsOf })) process.stdout.write(`${listingLines(outline, telling).join('\n')}\n`);
  return 0;
}

function hostsOf({ desired, groups }: Selection): (pattern: string) => ReadonlySet<string> {
  return (pattern) => new Set(selectHosts(pattern, groups, [...desired.hosts.keys()]));
}

/** Groups a host is in, directly or not. */
function groupsOf(selection: Selection): (host: string) => readonly string[] {
  const members = new Map([...selection.groups.keys()].map((group) => [group, hostsOf(selection)(group)]));
  return (host) => [...members].filter(([, hosts]) => hosts.has(host)).map(([group]) => group);
}

/** A pipeline, and whoever said --yes, has agreed before. */
function confirmation(view: View, { yes }: PlayFlags): (question: string) => Promise<boolean> {
  return async (question) => {
    if (yes === true || !hasTerminal()) return true;
    const answer = await view.lend(() => askOnTerminal(`${question} [Enter to go on, n to stop] `));
    return answer !== undefined && !/^n/i.test(answer.trim());
  };
}

function tell(diagnostics: readonly Diagnostic[], flags: PlayFlags): void {
  if (diagnostics.length > 0) process.stderr.write(renderDiagnostics(diagnostics, { colour: chosenOutput(flags).colour }));
}
