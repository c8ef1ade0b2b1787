import { type Command, EVENT_SCHEMA, type Phase, type PlannedChange, type RunEvent, type TunnelOutcome } from '../run/events.ts';
import type { Health } from '../watch/pulse.ts';
import { CAPTURE_EVENTS } from './capture-schema.ts';
import { arrayOf, COUNT, type Fields, MILLISECONDS, MTU, NAME, NAMES, object, oneOf, type Schema, TEXT, TEXTS, YES_OR_NO } from './schema-words.ts';

const PHASES = oneOf({
  connect: 0,
  gather: 0,
  measure: 0,
  plan: 0,
  prepare: 0,
  apply: 0,
  verify: 0,
  diagnose: 0,
  capture: 0,
  commit: 0,
  'roll-back': 0,
  prove: 0,
} satisfies Record<Phase, 0>);
const COMMANDS = oneOf({ up: 0, down: 0, plan: 0, verify: 0, doctor: 0, watch: 0, capture: 0, rekey: 0, run: 0, undo: 0 } satisfies Record<
  Command,
  0
>);
const ACTIONS = oneOf({ add: 0, change: 0, replace: 0, remove: 0, load: 0, run: 0 } satisfies Record<PlannedChange['action'], 0>);
const OUTCOMES = oneOf({
  ok: 0,
  changed: 0,
  pending: 0,
  'rolled-back': 0,
  'rollback-incomplete': 0,
  failed: 0,
  degraded: 0,
  unreachable: 0,
} satisfies Record<TunnelOutcome, 0>);
const HEALTH = oneOf({ up: 0, degraded: 0, down: 0, unknown: 0 } satisfies Record<Health, 0>);
const PROGRESS = oneOf({ started: 0, done: 0, failed: 0 });

const TUNNEL_SUMMARY = object({ name: NAME, mode: NAME, hosts: { ...NAMES, minItems: 2, maxItems: 2 } }, { key: NAME });
const PROBLEM = object({ code: NAME, message: TEXT, hint: TEXT }, { host: NAME, step: TEXT, command: TEXT, words: TEXT });
const DIFFERENCE = object({ name: NAME }, { from: TEXT, to: TEXT });
const CHANGE = object({ host: NAME, action: ACTIONS, object: NAME }, { differences: arrayOf(DIFFERENCE) });
const RTT = object({ min: MILLISECONDS, avg: MILLISECONDS, max: MILLISECONDS });
const PROBE = object({ from: NAME, to: NAME, target: TEXT, sent: COUNT, received: COUNT }, { rttMs: RTT, jitterMs: MILLISECONDS });
const TUNNEL_RECAP = object(
  { tunnel: NAME, outcome: OUTCOMES, changes: COUNT, problems: arrayOf(PROBLEM) },
  { isProved: YES_OR_NO, leftToType: arrayOf(object({ host: NAME, commands: TEXTS })) },
);
const HOST_RECAP = object({
  host: NAME,
  ok: COUNT,
  changed: COUNT,
  failed: COUNT,
  rolledBack: COUNT,
  isUnreachable: YES_OR_NO,
  loadedModules: NAMES,
});
const RECAP = object({ exitCode: COUNT, elapsedMs: MILLISECONDS, hosts: arrayOf(HOST_RECAP), tunnels: arrayOf(TUNNEL_RECAP) });
const ALLOTTED_END = object({ host: NAME, address: NAME, device: NAME });
const ALLOTMENT = object(
  { mesh: NAME, tunnel: NAME, ends: { ...arrayOf(ALLOTTED_END), minItems: 2, maxItems: 2 }, isReleased: YES_OR_NO },
  { key: COUNT },
);
const PLAY_OUTLINE = object({ play: NAME, steps: TEXTS, batches: arrayOf(NAMES) });
const PLAY_RECAP = object(
  { play: NAME, outcome: oneOf({ done: 0, failed: 0, skipped: 0 }), tunnels: arrayOf(object({ tunnel: NAME, outcome: OUTCOMES })) },
  { failedStep: TEXT },
);
const CURE = object({ commands: TEXTS }, { host: NAME, words: TEXT });
const FINDING = object(
  { cause: NAME, certainty: oneOf({ proved: 0, likely: 0, possible: 0 }), message: TEXT, evidence: TEXTS, cures: arrayOf(CURE) },
  { host: NAME },
);
const DIAGNOSIS = object({ tunnel: NAME, isHealthy: YES_OR_NO, findings: arrayOf(FINDING), ruledOut: TEXTS, unseen: TEXTS, remarks: TEXTS });

/** What each type of event says; the compiler tells when one is missing. */
const EVENTS: Readonly<Record<RunEvent['type'], { readonly required: Fields; readonly optional?: Fields; readonly description: string }>> = {
  'run-started': {
    description: 'The first line, and the only one that names the vocabulary.',
    required: {
      schema: { const: EVENT_SCHEMA },
      version: NAME,
      command: COMMANDS,
      isCheck: YES_OR_NO,
      hosts: NAMES,
      tunnels: arrayOf(TUNNEL_SUMMARY),
    },
  },
  'host-phase': { description: 'A phase on one host.', required: { host: NAME, phase: PHASES, state: PROGRESS } },
  'host-failed': { description: 'A host that could not be worked with.', required: { host: NAME, code: NAME, message: TEXT, hint: TEXT } },
  'host-warning': { description: 'Something to know of a host.', required: { host: NAME, message: TEXT } },
  'module-unloaded': { description: 'A kernel module that nothing on the host needed any more.', required: { host: NAME, module: NAME } },
  'path-measured': {
    description: 'What the path from a host to an outer address carries, and what the link it begins with does.',
    required: { host: NAME, to: NAME, mtuBytes: MTU, linkMtuBytes: MTU },
  },
  'lock-file': {
    description: 'What tunnels of meshes were given, or would be.',
    required: { path: NAME, isWritten: YES_OR_NO, allotted: arrayOf(ALLOTMENT), released: arrayOf(ALLOTMENT) },
  },
  'tunnel-added': { description: 'A tunnel that only the hosts have joins the run (--prune).', required: { tunnel: TUNNEL_SUMMARY } },
  'tunnel-planned': {
    description: 'What the tunnel lacks. `digest` is of everything that would be done, in a plan.',
    required: { tunnel: NAME, changes: arrayOf(CHANGE) },
    optional: { mtuBytes: MTU, digest: NAME },
  },
  'tunnel-phase': { description: 'A phase of both its ends.', required: { tunnel: NAME, phase: PHASES, state: PROGRESS } },
  step: {
    description: 'One step of the transaction on one host.',
    required: { tunnel: NAME, host: NAME, title: TEXT, state: oneOf({ done: 0, failed: 0, 'rolled-back': 0 }) },
  },
  probe: { description: 'Echo requests through the tunnel, one way.', required: { tunnel: NAME, probe: PROBE } },
  'full-size-probe': {
    description: 'A packet of the full MTU that may not be fragmented.',
    required: { tunnel: NAME, from: NAME, mtuBytes: MTU, passed: YES_OR_NO },
  },
  problem: { description: 'Why a tunnel is not as it should be.', required: { tunnel: NAME, problem: PROBLEM } },
  ...CAPTURE_EVENTS,
  diagnosis: { description: 'Why a tunnel does not work, or that it does.', required: { diagnosis: DIAGNOSIS } },
  'tunnel-finished': { description: 'How a tunnel ended.', required: { recap: TUNNEL_RECAP } },
  'run-finished': { description: 'The last line, but of a playbook.', required: { recap: RECAP } },
  'tunnel-health': {
    description: 'A watched tunnel is another than before, which it was for `lastedMs`; `isFirst`: nothing was known of it.',
    required: { tunnel: NAME, health: HEALTH, before: HEALTH, lastedMs: MILLISECONDS, isFirst: YES_OR_NO },
    optional: { reason: TEXT },
  },
  'host-reached': { description: 'A watched host can be asked, for the first time or again.', required: { host: NAME } },
  repair: {
    description: 'What `watch --heal` does about a tunnel that is down; `left` changed nothing.',
    required: { tunnel: NAME, state: oneOf({ started: 0, repaired: 0, failed: 0, left: 0 }), words: TEXT },
  },
  'watch-warning': { description: 'Something to know of the watch itself.', required: { message: TEXT } },
  'playbook-started': {
    description: 'The first line of a playbook; each of its steps is a run of its own.',
    required: { schema: { const: EVENT_SCHEMA }, version: NAME, playbook: TEXT, isCheck: YES_OR_NO, plays: arrayOf(PLAY_OUTLINE) },
  },
  'play-started': { description: 'A play begins.', required: { play: NAME } },
  'play-step': {
    description: 'A step on one batch: with `started` the tunnels that take part, with `failed` those that failed.',
    required: { play: NAME, batch: COUNT, step: TEXT, state: PROGRESS, tunnels: NAMES },
  },
  'play-finished': { description: 'How a play ended.', required: { recap: PLAY_RECAP } },
  'playbook-finished': {
    description: 'The last line of a playbook.',
    required: { recap: object({ exitCode: COUNT, elapsedMs: MILLISECONDS, plays: arrayOf(PLAY_RECAP) }) },
  },
};

/** JSON Schema of one line of `-o json`. Types and fields that are not in it are to be ignored; a change that breaks readers is another vocabulary. */
export const eventSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: `Events of ${EVENT_SCHEMA}`,
  description: 'One line of `tunorch … -o json`. Ignore types and fields that you do not know.',
  type: 'object',
  required: ['type', 'at'],
  oneOf: [
    ...Object.entries(EVENTS).map(([type, { description, required, optional }]) => ({
      description,
      ...object({ type: { const: type }, at: { type: 'number', description: 'Milliseconds since the epoch.' }, ...required }, optional),
    })),
    { description: 'A later version’s.', properties: { type: { type: 'string', not: { enum: Object.keys(EVENTS) } } } },
  ],
};
