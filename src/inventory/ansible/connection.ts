import type { Become, ConnectionVars, SshOption } from '../../domain/host.ts';
import { Secret } from '../../domain/secret.ts';
import { problemAt, type Report } from '../problem.ts';
import type { ReadingOptions } from '../reading.ts';
import { connectionWords } from '../schema/host-schema.ts';
import type { Entry, Scalar } from '../tree.ts';
import { parseSshArguments } from './ssh-arguments.ts';
import type { HostVars } from './vars.ts';

/** What reading the connection of a host may use. For a host no tunnel touches, `report` is deaf and secrets stay unread. */
export interface ConnectionReading extends ReadingOptions {
  readonly report: Report;
}

type Word = keyof typeof connectionWords;

/** The connection variables of one host in tunorch's own terms. */
export function connectionOf(vars: HostVars, reading: ConnectionReading): ConnectionVars {
  const text = (word: Word) => textOf(scalarFor(vars, word), reading.report);
  const port = Number(text('port') ?? Number.NaN);
  const sshOptions = optionsOf(vars, reading);
  return withoutGaps({
    host: text('host'),
    port: Number.isNaN(port) ? undefined : port,
    user: text('user'),
    password: secretFor(vars, 'password', reading),
    privateKeyFile: text('privateKeyFile'),
    become: becomeOf(vars, reading),
    sshOptions: sshOptions.length === 0 ? undefined : sshOptions,
  });
}

/** The last of several words for one thing wins, as in Ansible's ssh plugin; an empty value is as good as none. */
function entryFor(vars: HostVars, word: Word): Entry | undefined {
  const names: readonly string[] = connectionWords[word];
  const entries = names.flatMap((name) => vars.get(name) ?? []);
  return entries.findLast(({ value }) => value.kind === 'scalar' && value.value !== null && value.text !== '');
}

function scalarFor(vars: HostVars, word: Word): Scalar | undefined {
  const value = entryFor(vars, word)?.value;
  return value?.kind === 'scalar' ? value : undefined;
}

/** Text of a value that must be known at once; wrong types were reported by the schema. */
function textOf(scalar: Scalar | undefined, report: Report): string | undefined {
  if (scalar?.tag === 'vault') {
    const hint = 'Write !env NAME or !file PATH instead, or decrypt it before.';
    report(
      problemAt(scalar, { code: 'inventory.vault-value', message: 'this value is encrypted by ansible-vault, which tunorch cannot read', hint }),
    );
  }
  return scalar?.tag === undefined ? scalar?.text : undefined;
}

function secretFor(vars: HostVars, word: Word, { report, readSecret }: ConnectionReading): Secret | undefined {
  const scalar = scalarFor(vars, word);
  if (scalar?.tag !== 'env' && scalar?.tag !== 'file') {
    const text = textOf(scalar, report);
    return text === undefined ? undefined : new Secret(text);
  }
  if (readSecret === undefined) return undefined;
  const secret = readSecret({ from: scalar.tag, name: scalar.text, inventory: scalar.source.path });
  if (secret !== undefined) return new Secret(secret);
  const [message, hint] =
    scalar.tag === 'env'
      ? [`the environment has no variable ${scalar.text}`, `Set it before you start tunorch: export ${scalar.text}=…`]
      : [`the file ${scalar.text} cannot be read`, 'Its path is relative to the folder of this inventory file.'];
  report(problemAt(scalar, { code: 'inventory.secret-missing', message, hint }));
  return undefined;
}

const METHODS: readonly Become['method'][] = ['sudo', 'doas', 'su'];

function becomeOf(vars: HostVars, reading: ConnectionReading): Become | undefined {
  const { report } = reading;
  if (!isTrue(scalarFor(vars, 'become'))) return undefined;
  const word = scalarFor(vars, 'becomeMethod');
  const method = METHODS.find((one) => one === (word?.text ?? 'sudo').replace(/^(ansible\.builtin|community\.general)\./, ''));
  const own = new Map([...vars].filter(([name]) => !METHODS.some((other) => other !== method && name.startsWith(`ansible_${other}_`))));
  const user = scalarFor(own, 'becomeUser');
  if (user !== undefined && textOf(user, report) !== 'root') {
    report(
      problemAt(user, {
        code: 'inventory.become-user',
        message: `ansible_become_user is ${user.text}, and only root may make tunnels`,
        hint: 'Remove it or write root.',
      }),
    );
  }
  if (method === undefined && word !== undefined) {
    report(
      problemAt(word, {
        code: 'inventory.become-method',
        message: `tunorch cannot become root by ${word.text}`,
        hint: `Use one of ${METHODS.join(', ')}.`,
      }),
    );
  }
  const password = secretFor(own, 'becomePassword', reading);
  return { method: method ?? 'sudo', ...(password === undefined ? {} : { password }) };
}

/** What Ansible takes for true. */
function isTrue(scalar: Scalar | undefined): boolean {
  return /^(yes|on|true|y|t|1)$/i.test(scalar?.text ?? '');
}

/** In the order Ansible gives them to ssh(1), where the first of several for one thing counts. */
function optionsOf(vars: HostVars, reading: ConnectionReading): readonly SshOption[] {
  const checking = scalarFor(vars, 'hostKeyChecking');
  const timeout = textOf(scalarFor(vars, 'timeout'), reading.report);
  return [
    ...sshOptionsOf(vars, 'sshArguments', reading),
    ...(checking === undefined || isTrue(checking) ? [] : [{ name: 'StrictHostKeyChecking', value: 'no' }]),
    ...(timeout === undefined ? [] : [{ name: 'ConnectTimeout', value: timeout }]),
    ...sshOptionsOf(vars, 'commonArguments', reading),
    ...sshOptionsOf(vars, 'extraArguments', reading),
  ];
}

function sshOptionsOf(vars: HostVars, word: Word, { report }: ConnectionReading): readonly SshOption[] {
  const scalar = scalarFor(vars, word);
  const text = textOf(scalar, report);
  if (scalar === undefined || text === undefined) return [];
  const { options, refusals } = parseSshArguments(text);
  for (const { word: refused, hint } of refusals) {
    report(problemAt(scalar, { code: 'inventory.ssh-argument', message: `«${refused}» in ${connectionWords[word][0]} is not understood`, hint }));
  }
  return options;
}

function withoutGaps(vars: { readonly [Name in keyof ConnectionVars]: ConnectionVars[Name] | undefined }): ConnectionVars {
  return Object.fromEntries(Object.entries(vars).filter(([, value]) => value !== undefined)) as ConnectionVars;
}
