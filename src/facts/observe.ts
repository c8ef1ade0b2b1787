import type { ObservedHost, RouteQuestion } from '../domain/observed.ts';
import { readSections, sectionScript } from './fact.ts';
import { fouPorts } from './fou-ports.ts';
import { hostIdentity } from './host-identity.ts';
import { ipsec } from './ipsec.ts';
import { loneDecisions } from './lone-decisions.ts';
import { answerLookups, lookups } from './lookups.ts';
import { modules } from './modules.ts';
import { mssClamps } from './mss-clamps.ts';
import { networkState, type RouteScope } from './network-state.ts';
import { persistence } from './persistence.ts';
import { policyRules } from './policy-rules.ts';
import { routeTables, withTableNumbers } from './route-tables.ts';
import { runAtWork } from './run-at-work.ts';
import { sysctls } from './sysctls.ts';

/** What a run wants to know of one host. */
export interface Questions extends RouteScope {
  readonly host: string;
  readonly modules: readonly string[];
  readonly lookups: readonly RouteQuestion[];
  /** Beside the main one, those that tunnels' routes go into. */
  readonly tables: readonly number[];
  /** Whether a tunnel asks for rules that clamp TCP's segment size. */
  readonly wantsClamps: boolean;
  /** Whether a tunnel asks for a port that takes packets out of UDP. */
  readonly wantsPorts: boolean;
}

/** All facts of one host in one script: one round trip, nothing changed, no module loaded. */
export function gatherScript(questions: Questions): string {
  return [
    sectionScript(hostIdentity.name, hostIdentity.snippet()),
    sectionScript(routeTables.name, routeTables.snippet()),
    sectionScript(networkState.name, networkState.snippet(questions)),
    sectionScript(ipsec.name, ipsec.snippet()),
    sectionScript(lookups.name, lookups.snippet(questions.lookups)),
    sectionScript(policyRules.name, policyRules.snippet(questions.tables)),
    sectionScript(sysctls.name, sysctls.snippet(questions.devices)),
    sectionScript(modules.name, modules.snippet(questions.modules)),
    sectionScript(fouPorts.name, fouPorts.snippet(questions.wantsPorts)),
    sectionScript(mssClamps.name, mssClamps.snippet(questions.wantsClamps)),
    sectionScript(loneDecisions.name, loneDecisions.snippet()),
    sectionScript(runAtWork.name, runAtWork.snippet()),
    sectionScript(persistence.name, persistence.snippet()),
    ':',
  ].join('\n');
}

/**
 * Joins the facts of one host.
 *
 * @throws Error - a section is missing or is not what its probe prints; the host is not one that can be worked with
 */
export function observe(questions: Questions, output: string): ObservedHost {
  if (output.includes('\0')) throw new Error('a NUL character');
  const sections = readSections(output);
  const section = (name: string): string => {
    const text = sections.get(name);
    if (text === undefined) throw new Error(`the section «${name}» is missing`);
    return text;
  };
  const identity = hostIdentity.parse(section(hostIdentity.name));
  const tables = routeTables.parse(section(routeTables.name));
  const atWork = runAtWork.parse(section(runAtWork.name));
  const network = networkState.parse(withTableNumbers(section(networkState.name), tables));
  if (network.links.length === 0) throw new Error('`ip -d -j address show` printed no link');
  return {
    host: questions.host,
    ...identity,
    ...network,
    ...ipsec.parse(section(ipsec.name)),
    sysctls: sysctls.parse(section(sysctls.name)),
    modules: modules.parse(section(modules.name)),
    fouPorts: fouPorts.parse(section(fouPorts.name)),
    clamps: mssClamps.parse(section(mssClamps.name)),
    decisions: loneDecisions.parse(section(loneDecisions.name)),
    ...(atWork === undefined ? {} : { runAtWork: atWork }),
    persistence: persistence.parse(section(persistence.name)),
    rules: policyRules.parse(withTableNumbers(section(policyRules.name), tables)),
    lookups: answerLookups(questions.lookups, lookups.parse(section(lookups.name))),
  };
}
