import { HEALTH_COLOURS, type Topology } from './topology.ts';

/** A flowchart as GitHub and GitLab draw it in Markdown. */
export function mermaidOf({ hosts, edges }: Topology): readonly string[] {
  const id = (host: string) => `h${hosts.indexOf(host)}`;
  return [
    'graph LR',
    ...hosts.map((host) => `  ${id(host)}["${escaped(host)}"]`),
    ...edges.map(({ from, to, label }) => `  ${id(from)} ---|"${escaped(label)}"| ${id(to)}`),
    ...edges.flatMap(({ health }, index) => (health === 'unknown' ? [] : [`  linkStyle ${index} stroke:${HEALTH_COLOURS[health]},stroke-width:2px`])),
  ];
}

/** Mermaid takes no backslashes, but the entities of HTML. */
function escaped(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;');
}
