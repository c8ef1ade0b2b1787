import type { JsonSchema } from '../../modes/mode.ts';

/** Seconds a command may take unless it says. */
export const COMMAND_SECONDS = 30;

const PATTERN: JsonSchema = { type: 'string', 'x-expected': 'a pattern, such as edge or core-*' };

const WHEN: JsonSchema = {
  description:
    'Only where this holds at both ends (of run: at the end it runs on). Over host, peer, tunnel, mode, tags, groups, kernel, programs and exists, with ==, !=, <, <=, >, >=, in, &&, || and !, as in CEL.',
  type: 'string',
  examples: ["kernel >= '5.10' && 'bird' in groups"],
  'x-expected': 'a condition in quotes, such as "mode == \'gre\'"',
};

const BATCH_SIZE: JsonSchema = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^(?:[1-9][0-9]?|100)%$' },
  ],
  'x-expected': 'a number of tunnels or a percentage, such as 5 or 25%',
};

/** Steps that need no more than their name. */
export const WORD_STEPS = ['preflight', 'up', 'down', 'verify'] as const;

const NOTHING = { type: 'null', 'x-expected': 'left empty' } as const;

const STEP: JsonSchema = {
  type: ['string', 'object'],
  properties: {
    name: { description: 'What it is for, in your words.', type: 'string', 'x-expected': 'a text' },
    when: WHEN,
    preflight: { ...NOTHING, description: 'Look whether the tunnels could be brought up; change nothing.' },
    up: { ...NOTHING, description: 'Bring the tunnels up on both ends, as one transaction with the run steps directly before and after.' },
    down: { ...NOTHING, description: 'Remove the tunnels, as one transaction with the run steps directly before and after.' },
    verify: { ...NOTHING, description: 'Check that packets cross both ways and the kernels agree with the inventory.' },
    pause: {
      description: 'Seconds to wait, or a question for whoever sits at the terminal.',
      anyOf: [{ type: 'number', minimum: 0, maximum: 86400 }, { type: 'string' }],
      'x-expected': 'a number of seconds or a text',
    },
    run: {
      description:
        'A command on the ends of each tunnel, as root, and what undoes it. Directly before or after up or down it belongs to their transaction and runs where they change something.',
      type: 'object',
      properties: {
        hosts: { ...PATTERN, description: 'Only on these hosts.' },
        command: {
          description: 'For sh, with TUNORCH_TUNNEL, TUNORCH_DEVICE, TUNORCH_HOST and TUNORCH_PEER in its environment.',
          type: 'string',
          'x-expected': 'a command for sh',
        },
        undo: {
          description: 'Run by whoever rolls back, also by the host alone, and only where the command was begun. Nothing to undo: «:».',
          type: 'string',
          'x-expected': 'a command for sh',
        },
        seconds: { description: 'How long either may take.', type: 'integer', minimum: 1, maximum: 3600, default: COMMAND_SECONDS },
      },
      required: ['command', 'undo'],
      additionalProperties: false,
      'x-expected': 'a mapping with command and undo',
    },
  },
  additionalProperties: false,
  'x-expected': 'preflight, up, down, verify, or a mapping with one of these, pause or run',
};

const PLAY: JsonSchema = {
  title: 'play',
  type: 'object',
  properties: {
    name: { description: 'Told while it runs; --start-at finds it by this.', type: 'string', 'x-expected': 'a text' },
    tunnels: { ...PATTERN, description: 'Only these tunnels, by name, host or group. Left out: all.' },
    hosts: { ...PATTERN, description: 'Only tunnels that end on one of these hosts.' },
    when: WHEN,
    serial: {
      description: 'Tunnels at a time: a number, a percentage, or a list of them whose last holds for the rest.',
      anyOf: [...(BATCH_SIZE.anyOf as readonly JsonSchema[]), { type: 'array', items: BATCH_SIZE, minItems: 1 }],
      examples: [5, '25%', [1, '10%', '100%']],
      'x-expected': 'a number, a percentage, or a list of them',
    },
    max_fail_percentage: {
      description: 'The play fails when more of a batch than this did, and always when all of it did.',
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: 100,
    },
    any_errors_fatal: {
      description: 'The play fails with the first tunnel that does.',
      type: 'boolean',
      default: false,
      'x-expected': 'true or false',
    },
    on_failure: {
      description: 'When the play fails: bring back what the batch changed and end, end, or go on without the tunnels that failed.',
      enum: ['rollback', 'stop', 'continue'],
      default: 'stop',
      'x-expected': 'rollback, stop or continue',
    },
    steps: { description: 'In this order, for one batch after the other.', type: 'array', items: STEP, minItems: 1, 'x-expected': 'a list of steps' },
  },
  required: ['name', 'steps'],
  additionalProperties: false,
  'x-expected': 'a mapping with name and steps',
};

/** The JSON Schema (draft 2020-12) of a playbook. */
export const playbookSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:tunorch:playbook:1',
  title: 'tunorch playbook',
  description: 'Plays in order: which tunnels, in which batches, which steps, and what to do when something fails.',
  type: 'array',
  items: PLAY,
  minItems: 1,
  'x-expected': 'a list of plays',
};
