import { readInventory } from '../../../src/inventory/read-inventory.ts';
import type { InventoryReading, ReadingOptions } from '../../../src/inventory/reading.ts';

/** Reads one file, or several by their paths. */
export function readText(files: string | Readonly<Record<string, string>>, options?: ReadingOptions): InventoryReading {
  const byPath = typeof files === 'string' ? { 'inventory.yaml': files } : files;
  const list = Object.entries(byPath).map(([path, text]) => ({ path, text }));
  return readInventory(list, options);
}

/** Codes with their lines, which is mostly all a test wants to know of a problem. */
export function problemsOf({ diagnostics }: InventoryReading): readonly string[] {
  return diagnostics.map(({ code, place }) => `${code.replace('inventory.', '')}${place === undefined ? '' : ` ${place.line}:${place.column}`}`);
}

/** Two hosts, and the tunnels given as YAML. */
export function withTunnels(tunnels: string): string {
  return `all:
  hosts:
    a: { ansible_host: 198.51.100.7 }
    b: { ansible_host: 203.0.113.9 }
    c: { ansible_host: 203.0.113.99 }
tunnels:
${tunnels}`;
}
