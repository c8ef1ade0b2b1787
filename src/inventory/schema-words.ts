import type { ErrorObject } from 'ajv';
import { modes } from '../modes/index.ts';
import { didYouMean, nearest } from './nearest.ts';
import { type Objection, schemaOf, type Words } from './objection.ts';
import { ALLOTTED } from './schema/mesh-schema.ts';
import { notBuilt } from './schema/not-built.ts';
import { fieldOf, subjectOf } from './subject.ts';
import { entriesOf, type Tree, treeAt } from './tree.ts';
import { outOfRange, wrongType, wrongValue } from './value-words.ts';

/** The objection in the inventory's own words; undefined where another error says the same. */
export const wordsOf: Words = (error, path, root) => (WORDS[error.keyword] ?? wrongValue)(error, path, root);

const WORDS: Readonly<Record<string, Words>> = {
  additionalProperties: strangeKey,
  required: missingKey,
  discriminator: unknownMode,
  minProperties: endpointCount,
  maxProperties: endpointCount,
  propertyNames: (error, path) => (path[0] === 'meshes' ? meshName : tunnelName)(String(error.params.propertyName)),
  'false schema': (_error, path) => unbuilt(path),
  type: wrongType,
  anyOf: wrongType,
  minimum: outOfRange,
  maximum: outOfRange,
  exclusiveMinimum: outOfRange,
};

function strangeKey(error: ErrorObject, path: readonly string[], root: Tree): Objection {
  const key = String(error.params.additionalProperty);
  const place = { path: [...path, key], isAboutKey: true };
  if (contextOf(path).has(key)) return unbuilt(place.path);
  if (path[0] === 'meshes' && path[2] === 'tunnel' && ALLOTTED.has(key)) return allotted(key, place);
  const capable = path[0] === 'tunnels' ? modesWith(key, path.length === 2 ? 'tunnelSchema' : 'endpointSchema') : [];
  if (capable.length > 0) {
    const mode = treeAt(root, ['tunnels', path[1] ?? '', 'mode']);
    const message = `tunnel ${path[1]} is ${mode?.kind === 'scalar' ? mode.text : 'of a mode'}, which has no «${key}»`;
    return {
      ...place,
      problem: { code: 'inventory.mode-without-field', message, hint: `Remove it, or choose a mode that has it: ${capable.join(', ')}.` },
    };
  }
  const known = Object.keys((schemaOf(error).properties ?? {}) as object);
  const [group] = path;
  if (path.length === 1 && group !== undefined && nearest(group, ['tunnels', 'meshes']) !== undefined) {
    return {
      ...place,
      problem: {
        code: 'inventory.unknown-key',
        message: `group ${group} has no field «${key}»`,
        hint: `Did you mean «${nearest(group, ['tunnels', 'meshes'])}» where it says «${group}»?`,
      },
    };
  }
  const hint = didYouMean(key, known, known.length === 0 ? 'Remove it.' : `Known here: ${known.join(', ')}.`);
  return { ...place, problem: { code: 'inventory.unknown-key', message: `${subjectOf(path)} has no field «${key}»`, hint } };
}

function modesWith(field: string, level: 'tunnelSchema' | 'endpointSchema'): readonly string[] {
  return [...modes.values()].filter((mode) => field in mode[level]).map(({ name }) => name);
}

function contextOf(path: readonly string[]): ReadonlySet<string> {
  if (path[0] === 'meshes') return path[2] === 'tunnel' ? contextOf(['tunnels', ...path.slice(2)]) : new Set();
  if (path[0] !== 'tunnels') return new Set();
  if (path.length === 2) return notBuilt.tunnel;
  return path[2] === 'endpoints' && path.length === 4 ? notBuilt.endpoint : new Set();
}

function unbuilt(path: readonly string[]): Objection {
  const message = `this release of tunorch does not do «${fieldOf(path)}» yet`;
  return {
    path,
    isAboutKey: true,
    problem: { code: 'inventory.not-built', message, hint: 'Remove it; ignoring it could leave you with another tunnel than you asked for.' },
  };
}

function missingKey(error: ErrorObject, path: readonly string[], root: Tree): Objection {
  const key = String(error.params.missingProperty);
  const meant = nearest(
    key,
    entriesOf(treeAt(root, path)).map((entry) => entry.key.text),
  );
  const hint = meant === undefined ? (MISSING[key] ?? `Add ${key}.`) : `Did you mean «${key}» where it says «${meant}»?`;
  return { path, isAboutKey: true, problem: { code: 'inventory.missing-key', message: `${subjectOf(path)} lacks «${key}»`, hint } };
}

const MISSING: Readonly<Record<string, string>> = {
  mode: `Add the kernel's tunnel type, such as «mode: gre». Known: ${[...modes.keys()].join(', ')}.`,
  endpoints: 'Add endpoints with the two host names under it.',
  address: 'Add its inner address, such as «address: 10.0.0.1»: without one no packet can prove that the tunnel works.',
  vni: 'Add the number of its virtual network, such as «vni: 42»; both ends have the same.',
  hosts: 'Add the hosts it joins, such as «hosts: all» or «hosts: edge:!lab».',
  topology: 'Add the way they are joined: full, hub-and-spoke, chain or ring.',
  pool: 'Add a network that is free on all its hosts, such as «pool: 10.99.0.0/24».',
  tunnel: 'Add what its tunnels have, such as «tunnel: { mode: gre }».',
  to: 'Add the network the route leads to, such as «to: 10.2.1.0/24».',
};

function unknownMode(error: ErrorObject, path: readonly string[], root: Tree): Objection | undefined {
  const mode = treeAt(root, [...path, 'mode']);
  // Reported as missing already.
  if (mode === undefined) return undefined;
  const place = { path: [...path, 'mode'], isAboutKey: false };
  const word = String(error.params.tagValue);
  const known = `Known: ${[...modes.keys()].join(', ')}.`;
  return {
    ...place,
    problem: {
      code: 'inventory.unknown-mode',
      message: `${subjectOf(path)} has the unknown mode «${word}»`,
      hint: didYouMean(word, modes.keys(), known),
    },
  };
}

function endpointCount(_error: ErrorObject, path: readonly string[], root: Tree): Objection {
  const endpoints = treeAt(root, path);
  const count = endpoints?.kind === 'mapping' ? endpoints.entries.size : 0;
  const message = `tunnel ${path[1]} has ${count === 1 ? 'one endpoint' : `${count === 0 ? 'no' : count} endpoints`}`;
  return {
    path,
    isAboutKey: true,
    problem: { code: 'inventory.endpoint-count', message, hint: 'A tunnel has exactly two. Declare one tunnel for each pair of hosts.' },
  };
}

function tunnelName(name: string): Objection {
  const hint = 'Use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.';
  return {
    path: ['tunnels', name],
    isAboutKey: true,
    problem: { code: 'inventory.tunnel-name', message: `«${name}» cannot be the name of a tunnel`, hint },
  };
}

function meshName(name: string): Objection {
  const hint = 'Use up to 32 letters, digits, dashes and underscores, beginning with a letter: names of devices begin with it.';
  return {
    path: ['meshes', name],
    isAboutKey: true,
    problem: { code: 'inventory.mesh-name', message: `«${name}» cannot be the name of a mesh`, hint },
  };
}

function allotted(key: string, place: Omit<Objection, 'problem'>): Objection {
  const message = `a mesh gives each of its tunnels its own «${key}»`;
  return { ...place, problem: { code: 'inventory.mesh-allots', message, hint: 'Remove it; what each tunnel got stands in the lock file.' } };
}
