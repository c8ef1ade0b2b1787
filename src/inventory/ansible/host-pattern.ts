import { parseAddress } from '../../domain/address.ts';

/** The hosts a key under `hosts` stands for, or why it stands for none. */
export type HostPattern = { readonly names: readonly string[]; readonly port?: number } | { readonly refused: string };

/** More is a slip of the keyboard, such as [1:99999999]. */
const MAX_HOSTS = 100_000;

/** A name, then a port; brackets may hold colons. */
const WITH_PORT = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/;

/** A name or address in brackets, which must have a port after them. */
const BRACKETED = /^\[([^[\]]+)\]:(\d+)$/;

/** One bracketed range with what is around it. */
const RANGE = /^([^[\]]*)\[([^[\]]*)\](.*)$/s;

class RangeRefused extends Error {}

/** Expands `router[01:20]`, `[a:f]` and steps as Ansible does, and splits off `:port`. */
export function expandHostPattern(pattern: string): HostPattern {
  const [, inner, innerPort] = BRACKETED.exec(pattern) ?? [];
  if (inner !== undefined && (!inner.includes(':') || parseAddress(inner) !== undefined)) return { names: [inner], port: Number(innerPort) };
  const [, withoutPort = pattern, port] = WITH_PORT.exec(pattern) ?? [];
  const budget = { left: MAX_HOSTS };
  try {
    return { names: expand(withoutPort, budget), ...(port === undefined ? {} : { port: Number(port) }) };
  } catch (refused) {
    if (refused instanceof RangeRefused) return { refused: refused.message };
    throw refused;
  }
}

function expand(pattern: string, budget: { left: number }): readonly string[] {
  if (!pattern.includes('[')) return [pattern];
  const [, head, range, tail = ''] = RANGE.exec(pattern) ?? [];
  if (head === undefined || range === undefined) throw new RangeRefused('its brackets do not match');
  const heads = membersOf(range).map((member) => head + member);
  const tails = expand(tail, budget);
  budget.left -= heads.length * tails.length;
  if (budget.left < 0) throw new RangeRefused(`it stands for more than ${MAX_HOSTS} hosts`);
  return heads.flatMap((start) => tails.map((end) => start + end));
}

function membersOf(range: string): readonly string[] {
  const [first = '', last = '', step = '1', ...more] = range.split(':');
  if (!range.includes(':') || more.length > 0 || last === '') throw new RangeRefused('a range is [first:last] or [first:last:step]');
  if (!/^[1-9]\d*$/.test(step)) throw new RangeRefused(`its step «${step}» is not a number above zero`);
  if (LETTERS.includes(first) && first.length === 1) return letters(first, last, Number(step));
  return numbers(first === '' ? '0' : first, last, Number(step));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function letters(first: string, last: string, step: number): readonly string[] {
  const [from, to] = [LETTERS.indexOf(first), last.length === 1 ? LETTERS.indexOf(last) : -1];
  if (to < from) throw new RangeRefused(`«${last}» does not come after «${first}»`);
  return [...LETTERS.slice(from, to + 1)].filter((_letter, index) => index % step === 0);
}

function numbers(first: string, last: string, step: number): readonly string[] {
  if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) throw new RangeRefused(`«${first}» and «${last}» are neither two numbers nor two letters`);
  const isPadded = first.startsWith('0') && first.length > 1;
  if (isPadded && first.length !== last.length) throw new RangeRefused(`«${first}» and «${last}» have different lengths`);
  const count = Math.floor((Number(last) - Number(first)) / step) + 1;
  if (count < 1) throw new RangeRefused(`${last} is less than ${first}`);
  if (count > MAX_HOSTS) throw new RangeRefused(`it stands for more than ${MAX_HOSTS} hosts`);
  return Array.from({ length: count }, (_none, index) => String(Number(first) + index * step).padStart(isPadded ? first.length : 0, '0'));
}
