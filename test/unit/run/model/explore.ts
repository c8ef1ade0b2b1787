import type { Move } from './controller.ts';
import { brokenAtRest, brokenOnTheWay } from './laws.ts';
import type { Setting } from './rules.ts';
import { CONTROLLER_FIELDS, type ControllerState, HOST_FIELDS, type HostState, type State } from './state.ts';
import { moves, startOf } from './world.ts';

export interface Violation {
  readonly law: string;
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** One for each law, with the shortest trace. */
  readonly violations: readonly Violation[];
}

/** Visits every state that can be reached, nearest first, each once. */
export function explore(setting: Setting, limits: { readonly stopAtFirst?: boolean } = {}): Exploration {
  const names = new Names();
  const start = startOf(setting);
  const seen = new Set<number>([names.of(start)]);
  const queue: { state: State; from: number; words: string }[] = [{ state: start, from: -1, words: '' }];
  const violations = new Map<string, Violation>();
  let transitions = 0;
  const note = (law: string | undefined, position: number) => {
    if (law !== undefined && !violations.has(law)) violations.set(law, { law, trace: traceTo(position) });
  };
  const traceTo = (position: number): string[] => {
    const words: string[] = [];
    for (let at = queue[position]; at !== undefined && at.from >= 0; at = queue[at.from]) words.unshift(at.words);
    return words;
  };
  for (let position = 0; position < queue.length; position++) {
    const { state } = queue[position] as { state: State };
    const found = moves(state, setting);
    transitions += found.length;
    note(brokenOnTheWay(state), position);
    if (found.every(({ isOptional }) => isOptional)) note(brokenAtRest(state, setting), position);
    if (limits.stopAtFirst === true && violations.size > 0) break;
    for (const move of found) {
      const name = names.of(move.next);
      if (seen.has(name)) continue;
      seen.add(name);
      queue.push({ state: move.next, from: position, words: say(move) });
    }
  }
  return { states: seen.size, transitions, violations: [...violations.values()] };
}

function say({ host, words }: Move): string {
  if (host === undefined) return words;
  const name = host === 0 ? 'A' : 'B';
  return /^’/.test(words) ? `${name}${words}` : `${name} ${words}`;
}

/** A number for each state, the same for a state and its mirror image. */
class Names {
  readonly #known = new WeakMap<HostState, number>();
  readonly #knownControllers = new WeakMap<ControllerState, readonly [number, number]>();
  readonly #hosts = new Numbering();
  readonly #controllers = new Numbering();

  of({ hosts, controller, time, link }: State): number {
    const [first, second] = [this.#host(hosts[0]), this.#host(hosts[1])];
    const [straight, mirrored] = this.#controller(controller);
    const both = first > second ? (second * 0x10000 + first) * 0x10000 + mirrored : (first * 0x10000 + second) * 0x10000 + straight;
    return both * 16 + time * 2 + (link === 'up' ? 1 : 0);
  }

  #controller(controller: ControllerState): readonly [number, number] {
    const known = this.#knownControllers.get(controller);
    if (known !== undefined) return known;
    const [first, second] = controller.results;
    const names = [
      this.#controllers.of(codeOf(CONTROLLER_CODES, { ...controller, first, second })),
      this.#controllers.of(codeOf(CONTROLLER_CODES, { ...controller, first: second, second: first })),
    ] as const;
    this.#knownControllers.set(controller, names);
    return names;
  }

  #host(host: HostState): number {
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    const name = this.#hosts.of(codeOf(HOST_CODES, host));
    this.#known.set(host, name);
    return name;
  }
}

/** Small numbers in place of great ones. */
class Numbering {
  readonly #numbers = new Map<number, number>();

  of(code: number): number {
    const known = this.#numbers.get(code);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= 0x10000) throw new Error('there are too many to be told apart');
    this.#numbers.set(code, number);
    return number;
  }
}

type Codes = readonly { readonly field: string; readonly numbers: Readonly<Record<string, number>>; readonly size: number }[];

const HOST_CODES = codesOf(HOST_FIELDS);
const CONTROLLER_CODES = codesOf(CONTROLLER_FIELDS);

function codesOf(fields: Readonly<Record<string, readonly unknown[]>>): Codes {
  return Object.entries(fields).map(([field, values]) => ({
    field,
    numbers: Object.fromEntries(values.map((value, number) => [String(value), number])),
    size: values.length,
  }));
}

/** All fields as the digits of one number. */
function codeOf(codes: Codes, part: Readonly<Record<string, unknown>>): number {
  let code = 0;
  for (const { field, numbers, size } of codes) code = code * size + (numbers[part[field] as string] ?? Number.NaN);
  if (Number.isNaN(code)) throw new Error(`a field has a value that is not in its table: ${JSON.stringify(part)}`);
  return code;
}
