import type { Way, Work } from './fleet-ways.ts';

/** What one way took for one work on one fleet: medians of its rounds. */
export interface Result {
  readonly hosts: number;
  /** Each way, between the controller and the hosts. */
  readonly delayMs: number;
  readonly way: Way;
  readonly work: Work;
  readonly rounds: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of the largest process. */
  readonly peakMiB: number;
  /** Of frames, both ways. */
  readonly bytes: number;
}

const WORKS: readonly (readonly [Work, string])[] = [
  ['up', 'first `up`'],
  ['again', 'second `up`'],
  ['verify', '`verify`'],
  ['down', '`down`'],
];

const WAYS: readonly { readonly way: Way; readonly name: string; readonly colour: string }[] = [
  { way: 'ssh', name: 'parallel ssh', colour: '#8a8f98' },
  { way: 'tunorch', name: 'tunorch', colour: '#2f9e62' },
  { way: 'ansible', name: 'Ansible', colour: '#d9822b' },
];

/** The same work on one fleet, done in every way; times as multiples of the floor's. */
interface Comparison {
  readonly fleet: string;
  readonly title: string;
  readonly ways: readonly (Result & { readonly ratio: number })[];
}

function comparisonsIn(results: readonly Result[]): readonly Comparison[] {
  const fleets = new Map(results.map((one) => [`${one.hosts} hosts, ${one.delayMs} ms`, one]));
  return [...fleets].flatMap(([fleet, { hosts, delayMs }]) =>
    WORKS.map(([work, title]) => {
      const same = results.filter((one) => one.hosts === hosts && one.delayMs === delayMs && one.work === work);
      const floorMs = same.find(({ way }) => way === 'ssh')?.wallMs ?? Number.NaN;
      return { fleet, title, ways: same.map((one) => ({ ...one, ratio: one.wallMs / floorMs })) };
    }),
  );
}

/** A row a work: wall time as a multiple of parallel ssh in the same run, and what the controller needed for it. */
function tableOf(results: readonly Result[]): string {
  const rows = comparisonsIn(results).map(({ fleet, title, ways }) => {
    const cells = WAYS.map(({ way }) => {
      const found = ways.find((one) => one.way === way);
      return found === undefined ? '–' : `${found.ratio.toFixed(2)} ×, ${(found.cpuMs / 1000).toFixed(1)} s, ${found.peakMiB} MiB`;
    });
    return `| ${fleet} | ${title} | ${cells.join(' | ')} |`;
  });
  return [`| fleet | work | ${WAYS.map(({ name }) => name).join(' | ')} |`, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

const [BAR, GAP, TOP, LEFT, WIDTH] = [12, 10, 40, 200, 720];

/** Bars of wall time, as an SVG: what ends left of the dashed line is faster than the floor. The scale is of logarithms, since 0.5 and 30 have to be seen both. */
export function plotOf(results: readonly Result[]): string {
  const comparisons = comparisonsIn(results);
  const most = Math.max(2, ...comparisons.flatMap(({ ways }) => ways.map(({ ratio }) => ratio)));
  const x = (ratio: number) => LEFT + (Math.log(Math.max(ratio, 0.25) * 4) / Math.log(most * 6)) * (WIDTH - LEFT);
  let y = TOP;
  const groups = comparisons.map(({ fleet, title, ways }) => {
    const label = text(LEFT - 8, y + (ways.length * BAR) / 2 + 4, `${fleet}: ${title.replaceAll('`', '')}`, ' text-anchor="end"');
    const bars = ways.map(({ way, ratio }, index) => {
      const top = y + index * BAR;
      const colour = WAYS.find((one) => one.way === way)?.colour;
      const bar = `<rect x="${LEFT}" y="${top}" width="${(x(ratio) - LEFT).toFixed(1)}" height="${BAR - 2}" fill="${colour}"/>`;
      return bar + text(x(ratio) + 4, top + BAR - 3, ratio.toFixed(2), ' class="small"');
    });
    y += ways.length * BAR + GAP;
    return [label, ...bars].join('\n');
  });
  const legend = WAYS.map(({ name, colour }, index) => {
    const left = LEFT + index * 130;
    return `<rect x="${left}" y="12" width="10" height="10" fill="${colour}"/>${text(left + 16, 21, name)}`;
  });
  const floor = `<line x1="${x(1).toFixed(1)}" y1="${TOP - 8}" x2="${x(1).toFixed(1)}" y2="${y - GAP}" stroke="#444" stroke-dasharray="3 3"/>`;
  const style = '<style>text{font:12px sans-serif;fill:#667}.small{font-size:10px}</style>';
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="wall time as a multiple of parallel ssh">`;
  return `${[open, style, ...legend, ...groups, floor, '</svg>'].join('\n')}\n`;
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}"${more}>${words}</text>`;
}

const MARKS = /(<!-- fleet: begin -->\n)[\s\S]*?(\n<!-- fleet: end -->)/;

/** The text of README.md with the table in its place. */
export function withTable(readme: string, results: readonly Result[]): string {
  return readme.replace(MARKS, (_all, begin: string, end: string) => `${begin}${tableOf(results)}${end}`);
}
