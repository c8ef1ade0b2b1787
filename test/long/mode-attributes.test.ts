import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservedLink } from '../../src/domain/observed.ts';
import { parseLink } from '../../src/facts/links.ts';
import { modeOf } from '../../src/modes/index.ts';
import { commandsOf } from '../../src/plan/commands.ts';
import type { LinkSpec, Operation } from '../../src/plan/operation.ts';
import { isReplaced } from '../../src/plan/plan-link.ts';
import { presentModes } from '../e2e/modes-lacking.ts';
import { type Scenario, stageExample } from '../e2e/scenario-stage.ts';
import { type Trial, trialsOf } from '../support/attribute-trials.ts';

const HOST = 'host-a';

/** A device as it was found, and its index, which a replaced one has not kept. */
interface Found {
  readonly link: ObservedLink;
  readonly index: number;
}

/** All devices of all trials at once: as they were made, after the change was tried, and as they were made in the new way. */
interface Course {
  readonly made: ReadonlyMap<string, Found>;
  readonly changed: ReadonlyMap<string, Found>;
  readonly remade: ReadonlyMap<string, Found>;
}

let scenario: Scenario;
let trials: readonly Trial[];
let course: Course;

/** Lines of one `ip -batch`, or each a process of its own where the words themselves may be refused: that ends a batch. */
function script(operations: readonly Operation[], isEachAlone = false): string {
  const lines = operations.flatMap(commandsOf).map(({ line }) => line);
  const one = (text: readonly string[]) => `ip -force -batch - <<'EOF'\n${text.join('\n')}\nEOF`;
  return isEachAlone ? lines.map((line) => one([line])).join('\n') : one(lines);
}

async function look(operations: string): Promise<ReadonlyMap<string, Found>> {
  const text = await scenario.sh(HOST, `{ ${operations}\n} >&2\nip -d -j address show`);
  const entries = JSON.parse(text) as Readonly<Record<string, unknown>>[];
  return new Map(entries.map((entry) => [String(entry.ifname), { link: parseLink(entry), index: Number(entry.ifindex) }]));
}

function change({ from, to }: Trial): readonly Operation[] {
  const { device, mode, mtuBytes } = to;
  return [
    { kind: 'change-link', device, mode, from: from.attributes, to: to.attributes },
    { kind: 'set-mtu', device, mtuBytes },
  ];
}

const add = (link: LinkSpec): Operation => ({ kind: 'add-link', link });
const drop = ({ device, alias }: LinkSpec): Operation => ({ kind: 'delete-link', device, alias });

async function run(): Promise<Course> {
  const [replaced, kept] = [trials.filter(takesReplace), trials.filter((trial) => !takesReplace(trial))];
  const made = await look(script(trials.map(({ from }) => add(from))));
  const changed = await look(`${script(kept.flatMap(change))}\n${script(replaced.flatMap(change), true)}`);
  const remade = await look(`${script(trials.map(({ from }) => drop(from)))}\n${script(trials.map(({ to }) => add(to)))}`);
  await look(script(trials.map(({ to }) => drop(to))));
  return { made, changed, remade };
}

function takesReplace({ from, to }: Trial): boolean {
  const { device, mode, mtuBytes, attributes } = from;
  return isReplaced(to, { device, mode, kind: modeOf(mode).kind, isUp: false, mtuBytes, attributes, addresses: [] });
}

const titleOf = ({ mode, field, values }: Trial) => `${mode.name} ${field}: ${values}`;
const isAs = ({ link }: Found, { mode, attributes, mtuBytes }: LinkSpec) =>
  JSON.stringify([link.mode, sorted(link.attributes), link.mtuBytes]) === JSON.stringify([mode, sorted(attributes), mtuBytes]);
const sorted = (record: object) => Object.entries(record).sort();

/** Trials whose device is not what it should be, each with what it is. */
function wrong(which: readonly Trial[], stage: keyof Course, isRight: (found: Found, trial: Trial) => boolean): readonly string[] {
  return which.flatMap((trial) => {
    const found = course[stage].get(trial.to.device);
    return found !== undefined && isRight(found, trial) ? [] : [`${titleOf(trial)}: ${JSON.stringify(found?.link.attributes)}`];
  });
}

/** Fields of a mode by what a change of them takes; one that takes both stands with the values that differ from the rest. */
function table(): string {
  const rows = [...new Set(trials.map(({ mode }) => mode))].map((mode) => {
    const own = trials.filter((trial) => trial.mode === mode);
    const replaced = own.filter(takesReplace);
    const always = (field: string) => own.filter((trial) => trial.field === field).every(takesReplace);
    const inPlace = new Set(own.map(({ field }) => field).filter((field) => !always(field)));
    const words = new Set(replaced.map(({ field, values }) => (always(field) ? field : `${field} (${values})`)));
    return `| ${mode.name} | ${[...inPlace].join(', ')} | ${[...words].join(', ') || '–'} |`;
  });
  return ['| mode | changed in place | replaced |', '|---|---|---|', ...rows].join('\n');
}

describe('each attribute of each mode, on a real kernel', () => {
  beforeAll(async () => {
    scenario = await stageExample('routed-gre');
    const present = await presentModes(scenario, [HOST]);
    trials = trialsOf(present.map(modeOf), ['eth1', 'eth2']);
    course = await run();
  });

  afterAll(() => {
    process.stdout.write(`\n${table()}\n`);
  });

  it('reads back as it was declared, at once', () => {
    expect(trials.length).toBeGreaterThan(100);
    expect(wrong(trials, 'made', (found, { from }) => isAs(found, from))).toEqual([]);
    expect(wrong(trials, 'remade', (found, { to }) => isAs(found, to))).toEqual([]);
  });

  it('is changed on the device that is there, where the mode says that it can be', () => {
    const kept = trials.filter((trial) => !takesReplace(trial));
    expect(wrong(kept, 'changed', (found, { to }) => isAs(found, to) && found.index === course.made.get(to.device)?.index)).toEqual([]);
  });

  it('could not be changed there, where the mode says that it takes a new device', () => {
    const replaced = trials.filter(takesReplace);
    expect(replaced.length).toBeGreaterThan(0);
    expect(wrong(replaced, 'changed', (found, { to }) => !isAs(found, to))).toEqual([]);
  });
});
