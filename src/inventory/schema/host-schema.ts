import type { JsonSchema } from '../../modes/mode.ts';

const TEXT = { type: 'string', 'x-expected': 'a text' } as const;
const YES_OR_NO = {
  enum: [true, false, 'true', 'false', 'True', 'False', 'TRUE', 'FALSE', 'yes', 'no', 'on', 'off', 't', 'f', 'y', 'n', 0, 1, '0', '1'],
  'x-expected': 'true or false',
} as const;
const PASSWORD = { type: 'string', 'x-expected': 'a text (in quotes), !env NAME or !file PATH' } as const;

/** Ansible's connection variables, each as tunorch understands it. Hosts may have any other variable too. */
const connectionVarsSchema = {
  ansible_host: { ...TEXT, description: 'Address or name to connect to. Left out: the inventory name.', examples: ['198.51.100.7'] },
  ansible_port: {
    description: 'Port of sshd.',
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 65535 },
      { type: 'string', pattern: '^[0-9]{1,5}$' },
    ],
    default: 22,
    'x-expected': 'a port from 1 to 65535',
  },
  ansible_user: { ...TEXT, description: 'User to log in as.' },
  ansible_password: { ...PASSWORD, description: 'Password to log in with. Better: a key, or `!env NAME`.' },
  ansible_ssh_private_key_file: { ...TEXT, description: 'Private key to log in with.' },
  ansible_timeout: {
    description: 'Seconds until a connection is given up.',
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 3600 },
      { type: 'string', pattern: '^[1-9][0-9]{0,3}$' },
    ],
    'x-expected': 'a number of seconds',
  },
  ansible_host_key_checking: { ...YES_OR_NO, description: '`false`: take any host key, as `-o StrictHostKeyChecking=no` does.', default: true },
  ansible_become: { ...YES_OR_NO, description: 'Become root after logging in as another user.', default: false },
  ansible_become_user: { ...TEXT, description: 'Must be root: nobody else may make tunnels.', default: 'root' },
  ansible_become_method: { ...TEXT, description: 'How to become root.', default: 'sudo', examples: ['sudo', 'doas', 'su'] },
  ansible_become_password: { ...PASSWORD, description: 'Password for becoming root. Better: `!env NAME`, or `-K`.' },
  ansible_ssh_args: { ...TEXT, description: 'Options of ssh(1): -o, -J, -F, -i and -p.' },
  ansible_ssh_common_args: { ...TEXT, description: 'More of them.', examples: ['-J bastion.example.net'] },
  ansible_ssh_extra_args: { ...TEXT, description: 'Still more of them.' },
} as const satisfies JsonSchema;

/**
 * Ansible's several words for one thing, weakest first: where more than one is set, its ssh and become plugins take the last.
 */
export const connectionWords = {
  host: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  privateKeyFile: ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
  timeout: ['ansible_timeout', 'ansible_ssh_timeout'],
  hostKeyChecking: ['ansible_host_key_checking', 'ansible_ssh_host_key_checking'],
  become: ['ansible_become'],
  becomeUser: ['ansible_become_user', 'ansible_sudo_user', 'ansible_su_user', 'ansible_doas_user'],
  becomeMethod: ['ansible_become_method'],
  becomePassword: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass', 'ansible_su_pass', 'ansible_doas_pass'],
  sshArguments: ['ansible_ssh_args'],
  commonArguments: ['ansible_ssh_common_args'],
  extraArguments: ['ansible_ssh_extra_args'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Every variable tunorch reads. */
export const knownVars: ReadonlySet<string> = new Set(Object.values(connectionWords).flat());

const otherWords = Object.fromEntries(
  Object.values(connectionWords).flatMap((words: readonly string[]) => {
    const main = words.find((word): word is keyof typeof connectionVarsSchema => word in connectionVarsSchema);
    if (main === undefined) return [];
    const others = words.filter((word) => word !== main);
    return others.map((word) => [word, { ...connectionVarsSchema[main], description: `Another word for ${main}.`, deprecated: true }]);
  }),
);

/** Variables of a host or group: the connection variables have types, others are free. */
export const varsSchema: JsonSchema = {
  type: ['object', 'null'],
  properties: nullable({ ...connectionVarsSchema, ...otherWords }),
  additionalProperties: true,
  'x-expected': 'a mapping of variables',
};

/** A variable without a value is as good as left out. */
function nullable(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orNull(schema)]));
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  if (Array.isArray(schema.enum)) return { ...schema, enum: [...schema.enum, null] };
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  return schema;
}

/** A group as Ansible's YAML form has it. */
export const groupSchema: JsonSchema = {
  title: 'group',
  type: ['object', 'null'],
  properties: {
    hosts: {
      description: 'Hosts of this group; ranges such as router[01:20] expand.',
      type: ['object', 'string', 'null'],
      additionalProperties: { $ref: '#/$defs/vars' },
      'x-expected': 'a mapping: each host name with a colon after it',
    },
    children: {
      description: 'Groups that belong to this group.',
      type: ['object', 'string', 'null'],
      additionalProperties: { $ref: '#/$defs/group' },
      'x-expected': 'a mapping: each group name with a colon after it',
    },
    vars: { description: 'Variables of all hosts of this group.', $ref: '#/$defs/vars' },
  },
  additionalProperties: false,
  'x-expected': 'a mapping with hosts, children and vars',
};
