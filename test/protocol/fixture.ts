import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { ConnectionVars } from '../../src/domain/host.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { HostFailure } from '../../src/errors/host-failure.ts';
import { createChoosingTransport } from '../../src/transport/choosing-transport.ts';
import { createOpenSshTransport } from '../../src/transport/openssh/openssh-transport.ts';
import type { Prompter } from '../../src/transport/ssh/prompter.ts';
import { createSshTransport, type SshTransportOptions } from '../../src/transport/ssh/ssh-transport.ts';
import type { Session, Transport } from '../../src/transport/transport.ts';
import { type Account, makeAccount } from './accounts.ts';
import { makeFolder, makeKey, publicKeyOf, removeFolder, type Sshd, startSshd, whyNoSshd } from './sshd.ts';

/** A running sshd with its users and keys, and transports whose home folder is the fixture's. */
export interface OpenSsh {
  readonly folder: string;
  readonly home: string;
  /** A private key that every user accepts. */
  readonly key: string;
  readonly sshd: Sshd;
  /** Uid 0 with /bin/sh and no rc files. */
  readonly root: Account;
  readonly plain: Account;
  transport(options?: Partial<SshTransportOptions>): Transport;
  /** The same, by another transport than ssh2. */
  openSsh(options?: Partial<SshTransportOptions>): Transport;
  choosing(options?: Partial<SshTransportOptions>): Transport;
  vars(connection?: ConnectionVars): ConnectionVars;
  connect(connection?: ConnectionVars, options?: Partial<SshTransportOptions>): Promise<Session>;
  /** Writes known_hosts: one of the host keys under a name. */
  know(index: number, name?: string): void;
  writeKnownHosts(text: string): void;
  writeConfig(text: string): void;
}

/** Describes tests against one sshd; says aloud why where they cannot run. */
export function describeOpenSsh(title: string, define: (lab: OpenSsh) => void): void {
  const obstacle = whyNoSshd();
  if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: ${title}: ${obstacle}\n\n`);
  describe.skipIf(obstacle !== undefined)(title, () => {
    const lab = {} as { -readonly [Name in keyof OpenSsh]: OpenSsh[Name] };
    let transports: Transport[] = [];
    beforeAll(async () => {
      Object.assign(
        lab,
        await start(),
        operations(lab, (made) => transports.push(made)),
      );
    });
    beforeEach(() => {
      rmSync(join(lab.home, '.ssh', 'config'), { force: true });
      lab.know(0);
    });
    afterEach(async () => {
      await Promise.all(transports.map((transport) => transport.close()));
      transports = [];
    });
    afterAll(async () => {
      lab.root.remove();
      lab.plain.remove();
      await lab.sshd.stop();
      removeFolder(lab.folder);
    });
    define(lab);
  });
}

async function start() {
  const folder = makeFolder();
  const home = join(folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  const key = makeKey(folder, 'key');
  const others = [
    makeKey(folder, 'encrypted', { passphrase: 'open sesame' }),
    makeKey(folder, 'rsa', { type: 'rsa' }),
    makeKey(folder, 'ecdsa', { type: 'ecdsa' }),
  ];
  const sshd = await startSshd({ folder, authorizedKeys: [key, ...others].map(publicKeyOf), hostKeyTypes: ['ed25519', 'rsa', 'ecdsa'] });
  return { folder, home, key, sshd, root: makeAccount({ home, isRoot: true }), plain: makeAccount({ home }) };
}

function operations(lab: OpenSsh, keep: (made: Transport) => void) {
  const transportBy =
    (create: (options: SshTransportOptions) => Transport, env: Readonly<Record<string, string | undefined>>) =>
    (options: Partial<SshTransportOptions> = {}) => {
      const defaults = { homeDir: lab.home, env, controllerUser: 'nobody', connectTimeoutMs: 5000, systemDir: lab.folder };
      const made = create({ ...defaults, ...options });
      keep(made);
      return made;
    };
  const path = { PATH: process.env.PATH };
  const transport = transportBy(createSshTransport, {});
  const vars = (connection: ConnectionVars = {}): ConnectionVars => ({ host: '127.0.0.1', port: lab.sshd.port, user: lab.root.name, ...connection });
  const writeKnownHosts = (text: string) => writeFileSync(join(lab.home, '.ssh', 'known_hosts'), text);
  return {
    transport,
    openSsh: transportBy(createOpenSshTransport, path),
    choosing: transportBy(createChoosingTransport, path),
    vars,
    connect: (connection: ConnectionVars = {}, options: Partial<SshTransportOptions> = {}) =>
      transport(options).connect({ name: 'router-a', connection: vars(connection) }),
    know: (index: number, name = `[127.0.0.1]:${lab.sshd.port}`) => writeKnownHosts(`${name} ${lab.sshd.hostKeys[index]}\n`),
    writeKnownHosts,
    writeConfig: (text: string) => writeFileSync(join(lab.home, '.ssh', 'config'), text),
  };
}

/** Uses a session for its purpose once, and ends it. */
export async function uidOf(session: Session): Promise<string> {
  const { stdout } = await session.run('id -u');
  await session.close();
  return stdout;
}

/** The failure that something ends in. */
export async function failureOf(attempt: Promise<unknown>): Promise<HostFailure> {
  return attempt.then(
    () => expect.unreachable('it did not fail'),
    (failure: HostFailure) => failure,
  );
}

/** A person who gives the same answer to everything. */
export function answering(answer: string): { readonly questions: readonly string[]; readonly terminal: Prompter } {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return { questions, terminal: { ask, askSecret: async (question) => new Secret(await ask(question)) } };
}
