import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parse, Scalar, stringify } from 'yaml';
import { type Lab, OPS_PASSWORD } from '../../src/lab/lab.ts';
import { findGuest } from '../../src/lab/lab-inventory.ts';
import { labScript } from '../../src/lab/ssh.ts';
import { type Snapshot, snapshots } from './scenario-snapshot.ts';
import { type Scene, stage } from './support/shared-lab.ts';

const EXAMPLES = fileURLToPath(new URL('../../inventory/', import.meta.url));

/** The topology of an example that has not its own name. */
const TOPOLOGY_OF: Readonly<Record<string, string>> = {
  'routed-ipip': 'routed',
  'routed-gre': 'routed',
  'narrow-path': 'routed',
  'nat-fou': 'nat',
  'nat-one-to-one': 'nat',
  many: 'site-to-site',
  ipsec: 'site-to-site',
  backup: 'site-to-site',
  multipath: 'site-to-site',
};

/** What the program needs in its environment where a host's user is `ops`: the sudo password is no part of an inventory. */
export const OPS_ENVIRONMENT = { OPS_SUDO_PASSWORD: OPS_PASSWORD };

/** An inventory as a test bends it; the program is who judges it. */
// biome-ignore lint/suspicious/noExplicitAny: what a test writes into it may well be wrong.
export type Draft = any;

/** An example of inventory/ whose hosts are guests of the lab. */
export interface Scenario {
  readonly lab: Lab;
  /** The example with the lab's connection variables, and nothing else altered. */
  readonly inventory: string;
  /** The guest a host of the example runs on. */
  guest(host: string): string;
  /** Runs shell text as root on a host of the example, on the router, or on a PC: what it printed, and it must succeed. */
  sh(host: string, script: string): Promise<string>;
  /** How the example's hosts are now, by guest. */
  look(): Promise<ReadonlyMap<string, Snapshot>>;
  /** Another inventory, which a test has bent. */
  write(bend: (draft: Draft) => void): Promise<string>;
}

/** Lays the example's topology over the guests, with nothing left there of the test before. */
export async function stageExample(example: string): Promise<Scenario> {
  const scene = await stage(TOPOLOGY_OF[example] ?? example);
  const text = await readFile(join(EXAMPLES, `${example}.yaml`), 'utf8');
  const folder = await mkdtemp(join(scene.lab.folder, 'scenario-'));
  const hosts = Object.keys(parse(text).all.hosts);
  const guest = (host: string) => scene.guestFor[host] ?? host;
  let written = 0;
  const write = async (bend: (draft: Draft) => void) => {
    const draft: Draft = parse(text);
    connect(draft, scene.lab, guest);
    bend(draft);
    written += 1;
    const path = join(folder, `${example}-${written}.yaml`);
    await writeFile(path, stringify(draft));
    return path;
  };
  await settled(scene);
  return {
    lab: scene.lab,
    inventory: await write(() => undefined),
    guest,
    sh: (host, script) => succeed(scene, host, script),
    look: () => snapshots(scene.lab, hosts.map(guest)),
    write,
  };
}

async function succeed(scene: Scene, host: string, script: string): Promise<string> {
  const { status, stdout, stderr } = await scene.exec(host, script);
  expect(status, `${host}: ${script}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Where and how the guests are reached; users and become stay the example's own. */
function connect(draft: Draft, lab: Lab, guest: (host: string) => string): void {
  draft.all.vars = {
    ...draft.all.vars,
    ansible_ssh_private_key_file: lab.keyPath,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${lab.knownHostsPath}`,
  };
  for (const [host, vars] of Object.entries<Draft>(draft.all.hosts)) {
    Object.assign(vars, { ansible_host: '127.0.0.1', ansible_port: findGuest(lab, guest(host)).port });
    if (vars.ansible_become === true) vars.ansible_become_password = fromEnvironment('OPS_SUDO_PASSWORD');
  }
}

/** `!env NAME`. */
export function fromEnvironment(name: string): Scalar {
  const scalar = new Scalar(name);
  scalar.tag = '!env';
  return scalar;
}

/** Waits until no address is tentative (RFC 4862 §5.4): until then the kernel itself still changes addresses and routes. */
async function settled({ lab }: Scene): Promise<void> {
  const wait = 'n=0; while ip -6 address show tentative | grep -q . && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done; [ $n -lt 100 ]';
  const results = await Promise.all(lab.guests.map(({ name }) => labScript(lab, name, wait)));
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 0));
}
