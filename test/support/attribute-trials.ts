import type { Family } from '../../src/domain/address.ts';
import { mirror } from '../../src/domain/endpoint.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';
import type { JsonSchema, Mode } from '../../src/modes/mode.ts';
import { differences } from '../../src/plan/describe.ts';
import type { LinkSpec } from '../../src/plan/operation.ts';
import { linkSpec } from '../../src/plan/plan-link.ts';

/** A device that is declared in one way, and then in another. */
export interface Trial {
  readonly mode: Mode;
  /** The field that differs: `ttl`, `peer local`. */
  readonly field: string;
  /** `inherit → 1`. */
  readonly values: string;
  readonly from: LinkSpec;
  readonly to: LinkSpec;
}

type Place = 'tunnel' | 'own' | 'peer';
type Patch = Partial<Readonly<Record<Place, Readonly<Record<string, unknown>>>>>;

interface Field {
  readonly mode: Mode;
  readonly name: string;
  /** Ways to declare it; no two devices have the same number. */
  readonly ways: readonly { readonly words: string; readonly patch: (number: number) => Patch }[];
}

/** Large enough for IPv6 inside, small enough for every mode. */
const MTU_BYTES = 1300;

/** What a field may need beside it: the first that makes both ways right is taken. */
const BESIDE: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { pmtudisc: false },
  { ttl: 'inherit' },
  { proto: 'ipip6' },
  { encap: { type: 'gue', port: 5555 } },
];

/**
 * Every field of every mode, from each value its schema names to the next, and from the last to the first.
 *
 * @param links - names of two links to bind devices to
 */
export function trialsOf(modes: readonly Mode[], links: readonly string[]): readonly Trial[] {
  const changes = modes
    .flatMap((mode) => [...schemaFields(mode), ...outerFields(mode, links)])
    .flatMap(({ ways, ...field }) => ways.map((way, at) => ({ ...field, ways: [way, ways[(at + 1) % ways.length]] })));
  return changes.flatMap(({ mode, name, ways }, number) => {
    const [from, to] = ways.map((way) => way?.patch(number) ?? {});
    const [before, after] = specs(mode, { number, patches: [from ?? {}, to ?? {}] });
    if (before === undefined || after === undefined || differences(before.attributes, after.attributes).length === 0) return [];
    return [{ mode, field: name, values: ways.map((way) => way?.words).join(' → '), from: before, to: after }];
  });
}

/** What the mode's own file says; a field of the peer that is no attribute here makes no difference. */
function schemaFields(mode: Mode): readonly Field[] {
  const fieldsAt = (place: Place, schemas: JsonSchema): readonly Field[] =>
    Object.entries(schemas).map(([name, schema]) => {
      const values = new Set([...(mode.required?.includes(name) === true ? [] : [undefined]), ...valuesOf(schema as JsonSchema)]);
      const ways = [...values].map((value) => ({ words: String(value ?? 'nothing'), patch: () => ({ [place]: { [name]: value } }) }));
      return { mode, name: place === 'peer' ? `peer ${name}` : name, ways };
    });
  return [...fieldsAt('tunnel', mode.tunnelSchema), ...fieldsAt('own', mode.endpointSchema), ...fieldsAt('peer', mode.endpointSchema)];
}

function valuesOf({ anyOf, enum: words, const: word, type, minimum, maximum, examples }: JsonSchema): readonly unknown[] {
  if (Array.isArray(anyOf)) return (anyOf as readonly JsonSchema[]).flatMap(valuesOf);
  if (type === 'boolean') return [true, false];
  return [words, word, minimum, maximum, examples].flat().filter((value) => value !== undefined);
}

/** What all modes have: outer addresses, and the link to be bound to. */
function outerFields(mode: Mode, links: readonly string[]): readonly Field[] {
  const at = (family: Family, places: readonly Place[], which: number) => ({
    words: `IPv${family} address ${which}`,
    patch: (number: number) => Object.fromEntries(places.map((place) => [place, { local: outer(family, { number, place, which }) }])),
  });
  const both = ['own', 'peer'] as const;
  return [
    { mode, name: 'dev', ways: [undefined, ...links].map((dev) => ({ words: dev ?? 'nothing', patch: () => ({ own: { dev } }) })) },
    { mode, name: 'local', ways: [1, 2].map((which) => at(familyOfMode(mode), ['own'], which)) },
    { mode, name: 'peer local', ways: [1, 2].map((which) => at(familyOfMode(mode), ['peer'], which)) },
    { mode, name: 'family', ways: mode.underlay.map((family) => at(family, both, 1)) },
  ];
}

function familyOfMode({ underlay: [family = 4] }: Mode): Family {
  return family;
}

function outer(family: Family, { number, place, which }: { readonly number: number; readonly place: Place; readonly which: number }): string {
  const net = which * 2 + (place === 'own' ? 0 : 1);
  return family === 4 ? `10.${net}.${number >> 8}.${number & 255}` : `fd00:${net}::${number.toString(16)}`;
}

interface Declarations {
  readonly number: number;
  readonly patches: readonly [Patch, Patch];
}

function specs(mode: Mode, { number, patches }: Declarations): readonly (LinkSpec | undefined)[] {
  const tries = BESIDE.map((beside) => patches.map((patch) => specOf(mode, number, { ...patch, tunnel: { ...beside, ...patch.tunnel } })));
  return tries.find((both) => both.every((spec) => spec !== undefined)) ?? [];
}

/** What the inventory makes of a declaration; undefined where it refuses. */
function specOf(mode: Mode, number: number, { tunnel, own, peer }: Patch): LinkSpec | undefined {
  const end = (place: 'own' | 'peer', patch: Patch[Place]) => {
    const local = String(patch?.local ?? outer(familyOfMode(mode), { number, place, which: 1 }));
    return { local, address: inner(mode, { number, place, local }), ...patch };
  };
  const endpoints = { own: end('own', own), peer: end('peer', peer) };
  const declared = { mode: mode.name, ...(mode.required?.includes('vni') === true ? { vni: number + 1 } : {}), ...tunnel, endpoints };
  const hosts = { own: { ansible_host: '198.51.100.7' }, peer: { ansible_host: '203.0.113.9' } };
  const text = JSON.stringify({ all: { hosts }, tunnels: { [`a${number}`]: declared } });
  const [read] = readInventory([{ path: 'trial.yaml', text }]).desired?.tunnels ?? [];
  if (read === undefined) return undefined;
  const [endpoint] = mirror(read, { locals: [endpoints.own.local, endpoints.peer.local], mtuBytes: MTU_BYTES });
  return linkSpec(endpoint, '');
}

function inner(mode: Mode, { number, place, local }: { readonly number: number; readonly place: 'own' | 'peer'; readonly local: string }): string {
  const last = number * 2 + (place === 'own' ? 0 : 1);
  if (mode.name === 'isatap') return `fd00:5efe::5efe:${local}/64`;
  return mode.inner({}).includes(4) ? `172.16.${last >> 8}.${last & 255}` : `fd00:99::${last.toString(16)}`;
}
