import type { EndView } from './end-view.ts';

/** Between which addresses an end is, and what of it decides whether it gets on with another between the same. */
interface Place {
  readonly path: string;
  readonly sort: string;
}

/** Of the ends of a host between the same addresses, the first of each sort: thousands of tunnels between two hosts are of few sorts. */
export class FirstOfEachSort {
  readonly #byPath = new Map<string, Map<string, EndView>>();

  /** The first of each sort that came before this one on its path, in their order. */
  before(view: EndView, { path, sort }: Place): readonly EndView[] {
    const firsts = this.#byPath.get(path) ?? new Map<string, EndView>();
    const earlier = [...firsts.values()];
    if (!firsts.has(sort)) this.#byPath.set(path, firsts.set(sort, view));
    return earlier;
  }
}
