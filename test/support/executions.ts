import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** How often each function, loop and branch of `src` ran, by its place: a measure of work that no other load on the machine changes. */
export type Executions = ReadonlyMap<string, number>;

/**
 * Counts what of `src` runs; library and native code are not counted.
 *
 * To be opened before anything is called: V8 counts only in functions that it compiles afterwards, and not in those it optimizes.
 */
export class ExecutionCounter {
  readonly #session = new Session();

  async open(): Promise<void> {
    setFlagsFromString('--no-opt');
    this.#session.connect();
    await this.#post('Profiler.enable');
    await this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  async during(work: () => unknown): Promise<Executions> {
    await this.#post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await this.#post('Profiler.takePreciseCoverage');
    return countsOf(result);
  }

  close(): void {
    this.#session.disconnect();
  }

  #post(method: string, params = {}): Promise<{ readonly result: readonly ScriptCoverage[] }> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error: Error | null, answer?: object) => (error === null ? resolve(answer as never) : reject(error)));
    });
  }
}

interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
  }[];
}

function countsOf(scripts: readonly ScriptCoverage[]): Executions {
  const counts = new Map<string, number>();
  for (const { url, functions } of scripts) {
    const [, file] = /\/(src\/[^?]+)/.exec(url) ?? [];
    if (file === undefined) continue;
    for (const { functionName, ranges } of functions) {
      for (const { startOffset, count } of ranges) {
        const place = `${file} ${functionName}@${startOffset}`;
        counts.set(place, (counts.get(place) ?? 0) + count);
      }
    }
  }
  return counts;
}

/** Places that ran more than `most` times as often, of those that ran often enough to matter; the worst first. */
export function grownBeyond(most: number, small: Executions, large: Executions): readonly string[] {
  const grown = [...large].flatMap(([place, count]) => {
    const before = small.get(place) ?? 0;
    return count > MATTERS && count > before * most ? [{ place, before, count }] : [];
  });
  return grown.sort((one, other) => other.count - one.count).map(({ place, before, count }) => `${place}: ${before} → ${count}`);
}

const MATTERS = 400;
