import { DECISIONS_FOLDER, type LoneDecision } from '../domain/lone-decision.ts';
import { stripControl } from '../domain/strip-control.ts';
import type { Fact } from './fact.ts';

/** A hub with many tunnels decides about each of them. */
const MOST_LINES = 2000;
const LINE = /^(\d+) (\d+) (session|timer|next-run) (kept|undone) (\S+) ?(.*)$/gm;

/**
 * What the host decided alone since the last run that changed something there.
 *
 * The answer stays in the shell, so that the prepare script puts away what was told and nothing else.
 */
export const loneDecisions: Fact<readonly LoneDecision[]> = {
  name: 'decisions',
  snippet: () => `tunorch_decisions=\${tunorch_netns#*[}; tunorch_decisions=${DECISIONS_FOLDER}/\${tunorch_decisions%]} tunorch_told=
tunorch_decided() { tail -n ${MOST_LINES} "$tunorch_decisions"; }
[ ! -s "$tunorch_decisions" ] || { tunorch_told=$(tunorch_decided); printf 'now %s\\n%s\\n' "$(date +%s)" "$tunorch_told"; }`,
  parse(section) {
    const now = Number(/^now (\d+)$/m.exec(section)?.[1] ?? 0);
    return [...section.matchAll(LINE)].map(([, at, left, by, verdict, tunnel = '', owner = '']) => ({
      tunnel: stripControl(tunnel),
      verdict: verdict as LoneDecision['verdict'],
      by: by as LoneDecision['by'],
      ageSeconds: Math.max(0, now - Number(at)),
      ...(Number(left) === 0 ? {} : { afterSeconds: Math.max(0, Number(at) - Number(left)) }),
      owner: stripControl(owner),
    }));
  },
};
