import { printOf, type Sighting } from './sighting.ts';

/** What was seen at one end; absent sightings where nobody could look there. */
export interface Watched {
  readonly host: string;
  readonly sightings?: readonly Sighting[];
}

/** One packet on its way, at the end it left and at the end it came to, as far as it was seen there. */
export interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly sent?: Sighting;
  readonly arrived?: Sighting;
}

/** Joins what both ends saw; of packets that are the same to the last field, the first to leave is the first to come. */
export function crossingsOf([first, second]: readonly [Watched, Watched]): readonly Crossing[] {
  return [...crossingsFrom(first, second), ...crossingsFrom(second, first)];
}

function crossingsFrom(sender: Watched, receiver: Watched): readonly Crossing[] {
  const way = { from: sender.host, to: receiver.host };
  const waiting = new Map<string, Sighting[]>();
  for (const arrived of going(receiver, 'in')) {
    const print = printOf(arrived);
    const alike = waiting.get(print);
    if (alike === undefined) waiting.set(print, [arrived]);
    else alike.push(arrived);
  }
  const left = going(sender, 'out').map((sent) => {
    const arrived = waiting.get(printOf(sent))?.shift();
    return { ...way, sent, ...(arrived === undefined ? {} : { arrived }) };
  });
  return [...left, ...[...waiting.values()].flat().map((arrived) => ({ ...way, arrived }))];
}

function going({ sightings = [] }: Watched, direction: Sighting['direction']): readonly Sighting[] {
  return sightings.filter((sighting) => sighting.direction === direction);
}
