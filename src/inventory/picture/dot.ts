import { HEALTH_COLOURS, type Topology } from './topology.ts';

/** A graph for Graphviz, which draws large ones better than we do. */
export function dotOf({ hosts, edges }: Topology): readonly string[] {
  return [
    'graph tunnels {',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...hosts.map((host) => `  ${quoted(host)};`),
    ...edges.map(
      ({ from, to, label, health }) => `  ${quoted(from)} -- ${quoted(to)} [label=${quoted(label)}, color=${quoted(HEALTH_COLOURS[health])}];`,
    ),
    '}',
  ];
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
