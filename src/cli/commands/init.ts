import { writeFile } from 'node:fs/promises';
import { addressAt, familyOf, parsePrefix } from '../../domain/address.ts';
import type { ModeName } from '../../domain/tunnel.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import { type StarterEnd, type StarterTunnel, starterInventory } from '../../inventory/starter.ts';
import { modes } from '../../modes/index.ts';
import { askOnTerminal, hasTerminal } from '../ask.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import { tellDiagnostics } from '../tell-diagnostics.ts';

/** The flags of `init`; what is left out is asked for on a terminal. */
export interface InitFlags {
  readonly end?: readonly string[];
  readonly mode?: string;
  readonly name?: string;
  readonly key?: number;
  readonly inner?: string;
}

type Ask = (question: string, fallback: string) => Promise<string>;

/** What one end is before it has an inner address. */
type Draft = Omit<StarterEnd, 'address'>;

/** Writes a first inventory; never over a file that is there. */
export async function initInventory(path: string, flags: InitFlags): Promise<number> {
  if ((flags.end ?? []).length !== 2 && !hasTerminal())
    return refuse('say which two hosts: --end NAME[,host=ADDRESS][,user=NAME][,local=ADDRESS][,network=SUBNET], twice');
  const tunnel = await tunnelOf(flags);
  if ('refused' in tunnel) return refuse(tunnel.refused);
  const text = starterInventory(tunnel);
  const { diagnostics } = readInventory([{ path, text }]);
  if (diagnostics.length > 0) process.stderr.write(tellDiagnostics(diagnostics, { colour: false }));
  if (diagnostics.some(({ severity }) => severity === 'error')) return refuse('nothing was written');
  const failure = await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => error);
  if (failure instanceof Error) return refuse(failure.code === 'EEXIST' ? `${path} is there already; name another file` : failure.message);
  process.stderr.write(`Wrote ${path}. See what it would do: npx tunorch plan ${path}\n`);
  return 0;
}

async function tunnelOf(flags: InitFlags): Promise<StarterTunnel | { readonly refused: string }> {
  const ends = flags.end ?? [];
  const ask = ends.length === 2 ? takeDefault : askOr;
  const drafts = ends.length === 2 ? ends.map(endOf) : await askEnds(ask);
  const [first, second] = drafts.flatMap((draft) => (typeof draft === 'string' ? [] : [draft]));
  if (first === undefined || second === undefined) return { refused: drafts.find((draft) => typeof draft === 'string') ?? 'a host is missing' };
  const mode = flags.mode ?? (await ask(`Mode (${[...modes.keys()].join(', ')})`, 'gre'));
  const inner = flags.inner ?? (await ask('Subnet for the two inner addresses', mode === 'sit' ? 'fd00:10::/64' : '10.10.10.0/30'));
  const addresses = innerAddresses(inner, modes.get(mode as ModeName)?.isEthernet === true);
  if (addresses === undefined) return { refused: `«${inner}» is no subnet with two addresses, such as 10.10.10.0/30` };
  const key = flags.key === undefined ? {} : { key: flags.key };
  const [one, other] = addresses;
  return {
    name: flags.name ?? `${mode}1`,
    mode,
    ...key,
    ends: [
      { ...first, address: one },
      { ...second, address: other },
    ],
  };
}

const takeDefault: Ask = async (_question, fallback) => fallback;

const askOr: Ask = async (question, fallback) => {
  const answer = (await askOnTerminal(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `))?.trim() ?? '';
  return answer === '' ? fallback : answer;
};

async function askEnds(ask: Ask): Promise<readonly (Draft | string)[]> {
  const end = async (which: string): Promise<Draft | string> => {
    const name = await ask(`${which} host, as you would type it after ssh`, '');
    const user = await ask('  Log in as (empty: as ~/.ssh/config says)', '');
    const local = await ask('  Its outer address, which the other end sends to (empty: the one it is reached by)', '');
    const networks = await ask('  Subnets behind it, separated by commas (empty: none)', '');
    const words = networks.split(',').flatMap((text) => (text.trim() === '' ? [] : [`network=${text.trim()}`]));
    return endOf([name, ...(user === '' ? [] : [`user=${user}`]), ...(local === '' ? [] : [`local=${local}`]), ...words].join(','));
  };
  return [await end('First'), await end('Second')];
}

/** `NAME,KEY=VALUE,…` as an end, or what is wrong with it. Somebody who is not root becomes it by sudo. */
function endOf(text: string): Draft | string {
  const [name = '', ...words] = text.split(',');
  if (name === '' || name.includes('=')) return `«${text}» does not begin with the name of a host`;
  const pairs = words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  const unknown = pairs.find(([key, value]) => !['host', 'port', 'user', 'local', 'network'].includes(key) || value === '');
  if (unknown !== undefined) return `«${unknown.join('=')}» is none of host=, port=, user=, local= and network=`;
  const one = (key: string) => pairs.findLast(([found]) => found === key)?.[1];
  const [host, port, user, local] = [one('host'), one('port'), one('user'), one('local')];
  return {
    name,
    vars: {
      ...(host === undefined ? {} : { ansible_host: host }),
      ...(port === undefined ? {} : { ansible_port: Number(port) }),
      ...(user === undefined ? {} : { ansible_user: user }),
      ...(user === undefined || user === 'root' ? {} : { ansible_become: true }),
    },
    ...(local === undefined ? {} : { local }),
    networks: pairs.flatMap(([key, value]) => (key === 'network' ? [value] : [])),
  };
}

/** The first two addresses of a subnet; point to point where the device joins two ends and nothing else. */
function innerAddresses(text: string, isEthernet: boolean): readonly [string, string] | undefined {
  const prefix = parsePrefix(text);
  if (prefix === undefined) return undefined;
  const length = Number(prefix.split('/')[1]);
  const bits = familyOf(prefix) === 4 ? 32 : 128;
  if (length > bits - 1) return undefined;
  const skipped = length === bits - 1 ? 0 : 1;
  const suffix = isEthernet ? `/${length}` : '';
  return [`${addressAt(prefix, skipped)}${suffix}`, `${addressAt(prefix, skipped + 1)}${suffix}`];
}

function refuse(message: string): number {
  process.stderr.write(`error: ${message}\n`);
  return INPUT_WRONG;
}
