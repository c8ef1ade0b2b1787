import { type Edge, HEALTH_COLOURS, type Topology } from './topology.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const BOX = { width: 150, height: 32 };
const MARGIN = 90;
/** Between two hosts on the circle, as far as a box and a label need. */
const APART = 180;

/** A picture by itself: hosts on a circle, tunnels as lines between them, parallel ones side by side. */
export function svgOf(topology: Topology): readonly string[] {
  const { hosts, edges } = topology;
  const radius = Math.max(170, Math.round((hosts.length * APART) / (2 * Math.PI)));
  const size = 2 * (radius + MARGIN);
  const place = (host: string) => placeOf(hosts.indexOf(host), { of: hosts.length, radius, centre: size / 2 });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}" font-family="sans-serif" font-size="12">`,
    '<title>Tunnels</title>',
    ...edges.flatMap((edge) => lineOf(edge, place, parallel(edge, edges))),
    ...hosts.flatMap((host) => boxOf(host, place(host))),
    '</svg>',
  ];
}

function placeOf(index: number, { of, radius, centre }: { readonly of: number; readonly radius: number; readonly centre: number }): Point {
  const angle = (2 * Math.PI * index) / of - Math.PI;
  return { x: Math.round(centre + radius * Math.cos(angle)), y: Math.round(centre + radius * Math.sin(angle)) };
}

/** How far from the straight line, -1 … 1 …: tunnels between the same two hosts must not cover each other. */
function parallel({ tunnel, from, to }: Edge, edges: readonly Edge[]): number {
  const pair = [from, to].toSorted().join('\n');
  const same = edges.filter((edge) => [edge.from, edge.to].toSorted().join('\n') === pair);
  return same.findIndex((edge) => edge.tunnel === tunnel) - (same.length - 1) / 2;
}

function lineOf({ from, to, label, health }: Edge, place: (host: string) => Point, offset: number): readonly string[] {
  const [one, other] = [from, to].toSorted().map(place) as [Point, Point];
  const length = Math.hypot(other.x - one.x, other.y - one.y) || 1;
  const bend = offset * 44;
  const middle = {
    x: Math.round((one.x + other.x) / 2 - (bend * (other.y - one.y)) / length),
    y: Math.round((one.y + other.y) / 2 + (bend * (other.x - one.x)) / length),
  };
  const dashes = health === 'bad' ? ' stroke-dasharray="6 4"' : '';
  return [
    `<path d="M${one.x} ${one.y} Q${2 * middle.x - (one.x + other.x) / 2} ${2 * middle.y - (one.y + other.y) / 2} ${other.x} ${other.y}" fill="none" stroke="${HEALTH_COLOURS[health]}" stroke-width="2"${dashes}/>`,
    `<text x="${middle.x}" y="${middle.y - 5}" text-anchor="middle" fill="${HEALTH_COLOURS[health]}">${escaped(label)}</text>`,
  ];
}

function boxOf(host: string, { x, y }: Point): readonly string[] {
  return [
    `<rect x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="#f4f6f8" stroke="#34495e"/>`,
    `<text x="${x}" y="${y + 4}" text-anchor="middle" fill="#2c3e50">${escaped(host)}</text>`,
  ];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
