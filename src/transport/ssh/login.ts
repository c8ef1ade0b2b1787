import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Secret } from '../../domain/secret.ts';
import type { Offers } from './key-ring.ts';
import type { KnownHostsStore } from './known-hosts-store.ts';
import type { Prompter } from './prompter.ts';
import type { SshSettings } from './ssh-settings.ts';

/** One login to make. */
export interface Login {
  /** The name in messages. */
  readonly host: string;
  readonly settings: SshSettings;
  readonly offers: Offers;
  readonly store: KnownHostsStore;
  readonly password?: Secret;
  /** Whether a password will be sent after the login: then the host must be verified. */
  readonly hasSecretsLater: boolean;
  readonly prompter?: Prompter;
  readonly signal?: AbortSignal;
  /** Told what is tried; never a secret. */
  readonly log?: (line: string) => void;
  /** Opens the stream to the host: a TCP connection, or one through a jump host. */
  readonly dial: () => Promise<Duplex>;
}

/** A login that was made. */
export interface LoggedIn {
  readonly client: Client;
  readonly stream: Duplex;
  /** To be called when a channel was asked for; counts for the first one only: see answerFirstPacket(). */
  readonly hurry: () => void;
}
