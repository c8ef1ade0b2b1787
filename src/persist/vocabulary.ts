import type { Endpoint } from '../domain/endpoint.ts';
import type { ModeName } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';

type Value = string | number | boolean;

/** How an attribute of a device is said: lines of a file; undefined where this value cannot be. */
export type Word = (value: Value) => readonly string[] | undefined;

/** The words of a back end for the devices of one mode, by the names of their attributes. */
export type Words = Readonly<Record<string, Word>>;

/** A mode that is missing cannot be said at all. */
export type Vocabulary = Readonly<Partial<Record<ModeName, Words>>>;

/** Fields of the inventory by the attributes they become, where the two have different names. */
const FIELDS: Readonly<Record<string, string>> = {
  ikey: 'key',
  okey: 'key',
  icsum: 'csum',
  ocsum: 'csum',
  iseq: 'seq',
  oseq: 'seq',
  'ignore-df': 'ignore_df',
  id: 'vni',
  dstport: 'port',
  isatap: 'mode',
};

/** Fields of a tunnel for which there is no word, each once. */
export function wordlessFields(vocabulary: Vocabulary, endpoint: Endpoint): readonly string[] {
  const words = vocabulary[endpoint.mode];
  if (words === undefined) return ['mode'];
  const wordless = attributesOf(endpoint).filter(([name, value]) => words[name]?.(value) === undefined);
  return [...new Set(wordless.map(([name]) => FIELDS[name] ?? name))];
}

/** All attributes of an end's device in words. @throws Error - one cannot be said; {@link wordlessFields} knows before */
export function inWords(vocabulary: Vocabulary, endpoint: Endpoint): readonly string[] {
  return attributesOf(endpoint).flatMap(([name, value]) => {
    const lines = vocabulary[endpoint.mode]?.[name]?.(value);
    if (lines === undefined) throw new Error(`no word for ${name} of ${endpoint.tunnel}`);
    return lines;
  });
}

function attributesOf(endpoint: Endpoint) {
  return Object.entries(modeOf(endpoint.mode).attributes(endpoint));
}

/** `Name=value`, whatever the value. */
export function named(name: string): Word {
  return (value) => [`${name}=${value}`];
}

/** Other values cannot be said. */
export function oneOf(lines: Readonly<Record<string, readonly string[]>>): Word {
  return (value) => lines[String(value)];
}

/** A number from 1, and another line in place of `inherit`. */
export function numberOr(name: string, inherit: string): Word {
  return (value) => [`${name}=${value === 'inherit' ? inherit : value}`];
}

/** `tos` is kept as hexadecimal, without a prefix, as iproute2 reads it; 1 asks for that of the inner packet (net/ipv4/ip_tunnel.c). */
export function typeOfService(name: string): Word {
  return (value) => [`${name}=${value === 'inherit' ? 1 : Number.parseInt(String(value), 16)}`];
}
