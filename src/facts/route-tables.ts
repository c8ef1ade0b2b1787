import type { Fact } from './fact.ts';

/**
 * Names the host has given to routing tables: iproute2 prints them instead of the numbers (ip-route(8), rt_tables).
 *
 * `ip -N` would print numbers, but of protocols and scopes too.
 */
export const routeTables: Fact<ReadonlyMap<string, number>> = {
  name: 'route-tables',
  snippet: () =>
    "grep -hs '^[0-9]' /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/*.conf /usr/share/iproute2/rt_tables /usr/share/iproute2/rt_tables.d/*.conf; :",
  parse: (section) => new Map([...section.matchAll(/^(0x[0-9a-fA-F]+|\d+)\s+(\S+)/gm)].map(([, number = '', name = '']) => [name, Number(number)])),
};

/** Puts the numbers where `ip` printed names, in JSON or in text. */
export function withTableNumbers(section: string, tables: ReadonlyMap<string, number>): string {
  return section.replaceAll(/("table":"| table | lookup )([^"\s]+)/g, (whole, before: string, name: string) => {
    const number = tables.get(name);
    return number === undefined ? whole : `${before}${number}`;
  });
}
