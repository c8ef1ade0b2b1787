import type { Endpoint } from '../domain/endpoint.ts';
import type { Attributes } from '../domain/observed.ts';
import type { InfoData } from './mode.ts';

/** `name value` for each attribute that is set, in the order of `names`. */
export function valueWords(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [name, String(value)];
  });
}

/** A bare word for each flag that is on. */
export function flagWords(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.filter((name) => attributes[name] === true);
}

/** `name 0` for each attribute that is there no more: how ip-link(8) takes back a tos or a mark. */
export function zeroWords(from: Attributes, to: Attributes, names: readonly string[]): readonly string[] {
  return goneAttributes(from, to, names).flatMap((name) => [name, '0']);
}

/** `noNAME` for each attribute that is there no more. */
export function noWords(from: Attributes, to: Attributes, names: readonly string[]): readonly string[] {
  return goneAttributes(from, to, names).map((name) => `no${name}`);
}

function goneAttributes(from: Attributes, to: Attributes, names: readonly string[]): readonly string[] {
  return names.filter((name) => from[name] !== undefined && to[name] === undefined);
}

/** Drops attributes without a value, so that two records compare by what they say. */
export function compact(attributes: Readonly<Record<string, string | number | boolean | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined));
}

/** `true`, or nothing where it is off, as flags are kept. */
export function flag(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

/** Flags of `names` that are on in what iproute2 printed. */
export function flagAttributes(found: InfoData, names: readonly string[]): Record<string, true | undefined> {
  return Object.fromEntries(names.map((name) => [name, flag(found[name])]));
}

/** iproute2 prints an unset address as `any` and leaves out an unbound `link`. */
export function addressAttribute(value: unknown): string | undefined {
  return typeof value === 'string' && value !== 'any' && value !== '0.0.0.0' && value !== '::' ? value : undefined;
}

export function textAttribute(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** iproute2 prints keys as dotted quads in `ip -d link`, in text and in JSON. */
export function keyAttribute(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  return value.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** JSON has `ttl: 0`, and `inherit` in some versions, for a ttl taken from the inner packet. */
export function ttlAttribute(value: unknown): number | 'inherit' {
  return typeof value === 'number' && value > 0 ? value : 'inherit';
}

/** `"0x10"`, and `"0x1"` for inherit; iproute2 reads what it prints, as hexadecimal. */
export function tosAttribute(value: unknown): string | undefined {
  if (typeof value !== 'string' || /^(0x)?0+$/.test(value)) return undefined;
  return value === '0x1' ? 'inherit' : value.replace(/^0x/, '');
}

/** What of an endpoint every outer header has; hexadecimal where iproute2 reads it so. */
export function outerAttributes({ local, remote, dev, tos, fwmark }: Endpoint): Readonly<Record<string, string | undefined>> {
  return {
    local,
    remote,
    dev,
    tos: typeof tos === 'number' ? tosAttribute(tos.toString(16)) : tos,
    fwmark: fwmark === undefined || fwmark === 0 ? undefined : `0x${fwmark.toString(16)}`,
  };
}

/** The same, of what iproute2 printed. */
export function parseOuter(found: InfoData): Readonly<Record<string, string | undefined>> {
  return {
    local: addressAttribute(found.local),
    remote: addressAttribute(found.remote),
    dev: textAttribute(found.link),
    tos: tosAttribute(found.tos),
    fwmark: textAttribute(found.fwmark),
  };
}

/** No command of ip-link(8) unbinds a device or makes it one of many ends, so what is gone or new there takes delete and add. */
export function isExchanged(name: string, { from, to }: { readonly from: Attributes; readonly to: Attributes }): boolean {
  if (name === 'dev') return to.dev !== undefined;
  return from[name] !== undefined && to[name] !== undefined;
}
