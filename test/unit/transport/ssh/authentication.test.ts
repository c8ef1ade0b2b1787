import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../src/domain/secret.ts';
import { Authentication, type Credentials } from '../../../../src/transport/ssh/authentication.ts';
import type { KeyOffer } from '../../../../src/transport/ssh/key-offer.ts';
import { settingsOf } from './settings.ts';

const offer = (label: string) => ({ label }) as KeyOffer;
const password = new Secret('pw');

function authentication(changes: Partial<Credentials>) {
  const made = new Authentication({ settings: settingsOf(), offers: [], maySendPassword: () => true, ...changes });
  const next = (left: AuthenticationType[] | null = null) =>
    new Promise<AnyAuthMethod | false>((resolve) =>
      made.next(left as AuthenticationType[], false, (method) => resolve(method as AnyAuthMethod | false)),
    );
  const all = async () => {
    const types: string[] = [];
    for (let method = await next(); method !== false; method = await next()) types.push(method.type);
    return types;
  };
  return { made, next, all };
}

describe('the order of a login', () => {
  test('is keys alone without a password and without a person', async () => {
    expect(await authentication({ offers: [offer('a'), offer('b')] }).all()).toEqual(['agent', 'agent']);
  });

  test('puts a given password before keys that only lie about', async () => {
    expect(await authentication({ offers: [offer('a')], password }).all()).toEqual(['password', 'keyboard-interactive', 'agent']);
  });

  test('puts a key that is named for the host before a given password', async () => {
    const settings = settingsOf({ identityFiles: [{ path: '/k', origin: 'inventory' }] });
    expect(await authentication({ settings, offers: [offer('/k')], password }).all()).toEqual(['agent', 'password', 'keyboard-interactive']);
  });

  test('asks a person last, three times', async () => {
    const prompter = { ask: async () => undefined, askSecret: async () => new Secret('typed') };
    expect(await authentication({ offers: [offer('a')], prompter }).all()).toEqual([
      'agent',
      'keyboard-interactive',
      'password',
      'password',
      'password',
    ]);
  });

  test('leaves out what the host does not take, and what the configuration forbids', async () => {
    expect(await authentication({ password }).next(['publickey'])).toBe(false);
    const settings = settingsOf({ methods: { publicKey: false, password: true, keyboardInteractive: false } });
    expect(await authentication({ settings, offers: [offer('a')], password }).all()).toEqual(['password']);
  });

  test('never begins with none', async () => {
    expect(await authentication({}).next()).toBe(false);
  });

  test('sends no password to a host that was not verified', async () => {
    expect(await authentication({ offers: [offer('a')], password, maySendPassword: () => false }).all()).toEqual(['agent']);
  });

  test('ends, and does not crash, when asking fails', async () => {
    const prompter = { ask: async () => undefined, askSecret: () => Promise.reject(new Error('the terminal is gone')) };
    const settings = settingsOf({ methods: { publicKey: true, password: true, keyboardInteractive: false } });
    expect(await authentication({ settings, prompter }).next()).toBe(false);
  });
});

describe('keyboard-interactive', () => {
  async function answers(changes: Partial<Credentials>, prompts: readonly { readonly prompt: string; readonly echo?: boolean }[]): Promise<string[]> {
    const settings = settingsOf({ methods: { publicKey: true, password: false, keyboardInteractive: true } });
    const method = await authentication({ settings, ...changes }).next();
    if (method === false || method.type !== 'keyboard-interactive') return expect.unreachable();
    return new Promise((resolve) => method.prompt('', '', '', [...prompts], resolve));
  }

  test('gives the password to the first hidden question only', async () => {
    expect(await answers({ password }, [{ prompt: 'Name', echo: true }, { prompt: 'Password: ' }, { prompt: 'Code: ' }])).toEqual(['', 'pw', '']);
  });

  test('shows the questions of the host with its name and without control characters', async () => {
    const questions: string[] = [];
    const askSecret = async (question: string) => {
      questions.push(question);
      return new Secret('typed');
    };
    const prompter = { ask: async () => 'shown', askSecret };
    expect(await answers({ prompter }, [{ prompt: '\u001b[2JPassword: ' }, { prompt: 'Name', echo: true }])).toEqual(['typed', 'shown']);
    expect(questions).toEqual(['(router-a) Password: ']);
  });
});
