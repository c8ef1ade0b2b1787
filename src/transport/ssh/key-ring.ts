import type { ParsedKey } from 'ssh2';
import type { Secret } from '../../domain/secret.ts';
import { type AgentKeys, listAgentKeys, type SignatureHash, signWithAgent } from './agent-keys.ts';
import { type Identity, type IdentityReading, readIdentity } from './identity-file.ts';
import type { KeyOffer } from './key-offer.ts';
import type { Prompter } from './prompter.ts';
import type { SshSettings } from './ssh-settings.ts';

const PASSPHRASE_TRIES = 3;

/** The keys to offer to one host, in order, and what kept others out. */
export interface Offers {
  readonly offers: readonly KeyOffer[];
  /** One line a key file or agent that could not be used. */
  readonly notes: readonly string[];
  /** Why the key that the inventory names cannot be used at all. */
  readonly requiredProblem?: string;
}

/** The private keys of a run. Each file is read once, and each passphrase is asked for once, however many hosts there are. */
export class KeyRing {
  readonly #prompter: Prompter | undefined;
  readonly #files = new Map<string, Promise<IdentityReading>>();
  readonly #agents = new Map<string, Promise<AgentKeys>>();
  readonly #unlocked = new Map<string, Promise<ParsedKey>>();

  constructor(prompter: Prompter | undefined) {
    this.#prompter = prompter;
  }

  /**
   * Orders keys so that the right one comes first: the ones named for the host, then the agent's, then the default files.
   *
   * A host counts wrong keys and ends the connection after a few (sshd_config(5), MaxAuthTries).
   */
  async offersFor(settings: SshSettings): Promise<Offers> {
    const [agent, readings] = await Promise.all([this.#agentKeys(settings), Promise.all(settings.identityFiles.map(({ path }) => this.#read(path)))]);
    const files = settings.identityFiles.map((file, index) => ({ ...file, reading: readings[index] ?? { kind: 'absent' as const } }));
    const ofAgent = (key: ParsedKey | undefined) => (key === undefined ? undefined : agent.keys.find((one) => isSame(one, key)));
    const named = files.flatMap(({ path, reading, origin }) => {
      const inAgent = ofAgent(publicHalf(reading));
      if (inAgent !== undefined) return [{ rank: 0, offer: this.#fromAgent(settings, inAgent, path) }];
      return reading.kind === 'identity' ? [{ rank: origin === 'default' ? 2 : 0, offer: this.#fromFile(reading.identity, settings) }] : [];
    });
    const others = settings.identitiesOnly ? [] : agent.keys.filter((key) => !files.some(({ reading }) => isSame(key, publicHalf(reading))));
    const ranked = [...named, ...others.map((key) => ({ rank: 1, offer: this.#fromAgent(settings, key, key.comment) }))];
    const notes = [
      ...agent.notes,
      ...files.flatMap(({ path, reading }) => (reading.kind === 'unusable' ? [`${path} was left out: ${reading.reason}`] : [])),
    ];
    return { offers: ranked.sort((one, other) => one.rank - other.rank).map(({ offer }) => offer), notes, ...requiredProblem(files, ofAgent) };
  }

  async #agentKeys({ agentSocket }: SshSettings): Promise<{ readonly keys: readonly ParsedKey[]; readonly notes: readonly string[] }> {
    if (agentSocket === undefined) return { keys: [], notes: [] };
    const listing = this.#agents.get(agentSocket) ?? listAgentKeys(agentSocket);
    this.#agents.set(agentSocket, listing);
    const answer = await listing;
    if (answer.kind === 'silent') this.#agents.delete(agentSocket);
    return answer.kind === 'keys' ? { keys: answer.keys, notes: [] } : { keys: [], notes: [`the agent at ${agentSocket} does not answer`] };
  }

  #read(path: string): Promise<IdentityReading> {
    const reading = this.#files.get(path) ?? readIdentity(path);
    this.#files.set(path, reading);
    return reading;
  }

  #fromAgent({ agentSocket = '' }: SshSettings, publicKey: ParsedKey, label: string): KeyOffer {
    const sign = (text: Buffer, hash: SignatureHash | undefined) =>
      signWithAgent(agentSocket, publicKey, { text, ...(hash === undefined ? {} : { hash }) });
    return { label: `${label} (agent)`, publicKey, sign };
  }

  #fromFile(identity: Identity, { mayAsk }: SshSettings): KeyOffer {
    const sign = async (text: Buffer, hash: SignatureHash | undefined) => {
      const key = identity.privateKey ?? (await this.#unlock(identity, mayAsk ? this.#prompter : undefined));
      const signature: Buffer | Error = key.sign(text, hash);
      if (signature instanceof Error) throw signature;
      return signature;
    };
    return { label: identity.path, publicKey: identity.publicKey, isOpen: identity.privateKey !== undefined, sign };
  }

  #unlock(identity: Identity, prompter: Prompter | undefined): Promise<ParsedKey> {
    const known = this.#unlocked.get(identity.path);
    if (known !== undefined) return known;
    const unlocked = askPassphrase(identity, prompter);
    this.#unlocked.set(identity.path, unlocked);
    return unlocked;
  }
}

async function askPassphrase(identity: Identity, prompter: Prompter | undefined): Promise<ParsedKey> {
  if (prompter === undefined) throw new Error(`${identity.path} is encrypted, and there is no terminal to ask for its passphrase`);
  for (let tries = 0; tries < PASSPHRASE_TRIES; tries++) {
    const passphrase: Secret | undefined = await prompter.askSecret(`Enter passphrase for key '${identity.path}': `);
    if (passphrase === undefined) break;
    const key = identity.unlock(passphrase.reveal());
    if (key !== undefined) return key;
  }
  throw new Error(`no passphrase unlocked ${identity.path}`);
}

function requiredProblem(
  files: readonly { readonly path: string; readonly origin: string; readonly reading: IdentityReading }[],
  ofAgent: (key: ParsedKey | undefined) => ParsedKey | undefined,
) {
  for (const { path, origin, reading } of files) {
    if (origin !== 'inventory' || reading.kind === 'identity') continue;
    if (reading.kind === 'absent') return { requiredProblem: `the key ${path} is not there` };
    if (reading.kind === 'unusable') return { requiredProblem: `the key ${path} cannot be used: ${reading.reason}` };
    if (ofAgent(reading.publicKey) === undefined) return { requiredProblem: `the key ${path} is only a public one, and no agent has its other half` };
  }
  return {};
}

function publicHalf(reading: IdentityReading): ParsedKey | undefined {
  if (reading.kind === 'identity') return reading.identity.publicKey;
  return reading.kind === 'public-only' ? reading.publicKey : undefined;
}

function isSame(one: ParsedKey, other: ParsedKey | undefined): boolean {
  return other?.getPublicSSH().equals(one.getPublicSSH()) === true;
}
