import { readFile } from 'node:fs/promises';
import type { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { stripControl } from '../../domain/strip-control.ts';
import type { DesiredState } from '../../domain/tunnel.ts';
import { graphOf } from '../../inventory/ansible/graph.ts';
import { listingOf, shownVars } from '../../inventory/ansible/listing.ts';
import { didYouMean } from '../../inventory/nearest.ts';
import { dotOf } from '../../inventory/picture/dot.ts';
import { mermaidOf } from '../../inventory/picture/mermaid.ts';
import { svgOf } from '../../inventory/picture/svg.ts';
import { healthFrom, topologyOf } from '../../inventory/picture/topology.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import type { InventoryReading } from '../../inventory/reading.ts';
import { swanctlOf } from '../../persist/swanctl.ts';
import { chooseOutput } from '../../ui/choose-output.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { InventoryFlags } from '../flags.ts';
import { loadInventoryFiles } from '../inventory-files.ts';
import { loadLocks } from '../lock-files.ts';
import { tellDiagnostics } from '../tell-diagnostics.ts';

/** Those of the process, but in tests. */
type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'> | Readonly<Record<'stdin' | 'stdout' | 'stderr', PassThrough>>;

/** What to print, or why it cannot be told. */
type Shown = { readonly lines: readonly string[] } | { readonly refused: string };

/** Prints what the inventory says after all its files are read, and its problems to stderr; returns the exit status. */
export async function showInventory(inventories: readonly string[], flags: InventoryFlags, streams: Streams = process): Promise<number> {
  const { stdin, stdout, stderr } = streams;
  const refuse = (message: string) => {
    stderr.write(`error: ${message}\n`);
    return INPUT_WRONG;
  };
  const paths = [...inventories, ...(flags.inventory ?? [])];
  if (paths.length === 0) return refuse('no inventory was named. Give a file or folder, such as: tunorch inventory --list inventory.yaml');
  const { files, diagnostics: unloaded } = await loadInventoryFiles(paths, () => text(stdin));
  const { diagnostics: unlocked, ...locks } = await loadLocks(files, flags.lockFile);
  const unreadable = [...unloaded, ...unlocked];
  // Secrets stay unread: a pipeline that checks the files need not have them.
  const reading = readInventory(files, locks);
  const diagnostics = [...unreadable, ...reading.diagnostics];
  stderr.write(tellDiagnostics(diagnostics, { colour: hasColour(flags) }));
  const { desired } = reading;
  if (desired === undefined || unreadable.length > 0) return INPUT_WRONG;
  const health = flags.health === undefined ? '' : await (flags.health === '-' ? text(stdin) : readFile(flags.health, 'utf8')).catch(noFile);
  if (health instanceof Error) return refuse(`the events cannot be read: ${health.message}`);
  const shown = linesOf({ ...reading, desired }, flags, health);
  if ('refused' in shown) return refuse(shown.refused);
  stdout.write(shown.lines.map((line) => `${line}\n`).join(''));
  return 0;
}

function noFile(error: Error): Error {
  return error;
}

const PICTURES = { svg: svgOf, mermaid: mermaidOf, dot: dotOf };

function linesOf(
  reading: InventoryReading & { readonly desired: DesiredState },
  { list, host, graph, format, validate, swanctl }: InventoryFlags,
  health: string,
): Shown {
  const { tunnels } = reading.desired;
  if (list === true) return { lines: [json(listingOf(reading))] };
  if (format !== undefined) return { lines: PICTURES[format](topologyOf(tunnels, healthFrom(health))).map(stripControl) };
  if (graph === true) return { lines: graphOf(reading.groups, tunnels).map(stripControl) };
  if (validate === true) return { lines: [] };
  if (swanctl !== undefined) return swanctlOf(swanctl, tunnels);
  if (host === undefined) return { refused: 'say what to print: --list, --host NAME, --graph, --swanctl NAME or --validate' };
  const vars = reading.hostVars.get(host);
  if (vars !== undefined) return { lines: [json(shownVars(vars))] };
  return { refused: `there is no host «${host}». ${didYouMean(host, reading.hostVars.keys(), 'See --list for all.')}` };
}

/** With sorted keys and indented by four, as Ansible prints it. */
function json(value: unknown): string {
  return JSON.stringify(sorted(value), undefined, 4);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}

function hasColour({ color }: InventoryFlags): boolean {
  const terminals = { stdoutIsTty: process.stdout.isTTY === true, stderrIsTty: process.stderr.isTTY === true };
  return chooseOutput({ ...terminals, env: process.env, requested: 'text', noColor: !color }).colour;
}
