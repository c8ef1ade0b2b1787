import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { framePhase, newPhaseMarks } from '../../../src/transport/phase-frame.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage } from '../../support/fake-host-stage.ts';
import type { ScriptSort } from '../../support/fake-host-transport.ts';

const PHASES = ['prepare', 'apply', 'verify', 'settle'] as const;

/** The scripts of one good run on router-a, in order. */
let scripts: readonly { readonly sort: ScriptSort; readonly text: string }[];
let stage: Stage;

beforeAll(async () => {
  const rehearsal = twoRouters();
  const { scripts: sent } = await rehearsal.run({ tunnels: [sites()] });
  rehearsal.close();
  scripts = sent.filter(({ host }) => host === 'router-a');
  stage = twoRouters({ modules: { ip_gre: 'loaded' } });
});
afterAll(() => stage.close());
beforeEach(() => expect(stage.littered).toEqual([]));

/** Everything before the phase runs whole; of the phase itself the shell gets so much of the text, and then the end of its input. */
async function cutIn(phase: ScriptSort, share: number): Promise<void> {
  const session = stage.host('router-a').openSession();
  const index = scripts.findIndex(({ sort }) => sort === phase);
  for (const { text } of scripts.slice(0, index)) await session.run(text);
  const frame = framePhase(stage.host('router-a').files.intoRoot(scripts[index]?.text ?? ''), newPhaseMarks());
  const lastBrace = frame.lastIndexOf('}');
  session.carrier.channel.stdin.end(frame.slice(0, Math.floor(share * lastBrace)));
  await session.carrier.channel.ended;
}

describe('a script that is cut off anywhere on its way', () => {
  it.each(PHASES)('changes nothing on the host, nor leaves anything there: %s', { timeout: 60_000 }, async (phase) => {
    const before = stage.host('router-a').snapshot();
    const { changes } = stage.kernel('router-a');
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (share) => {
        const asked = changes.length;
        await cutIn(phase, share);
        if (phase === 'prepare' || phase === 'apply') expect(changes.slice(asked)).toEqual([]);
        expect(stage.host('router-a').snapshot()).toEqual(before);
        expect(stage.littered).toEqual([]);
      }),
      { numRuns: 12, examples: [[0], [1]] },
    );
  });
});
