import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from '../../../../src/transport/ssh/host-key.ts';
import { HostKeyCheck } from '../../../../src/transport/ssh/host-key-check.ts';
import { KnownHostsStore } from '../../../../src/transport/ssh/known-hosts-store.ts';
import type { SshSettings } from '../../../../src/transport/ssh/ssh-settings.ts';
import { hostKey } from './host-keys.ts';
import { settingsOf } from './settings.ts';

const KEY = hostKey('ssh-ed25519', 'one');
const OTHER = hostKey('ssh-ed25519', 'two');

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-check-'));
  file = join(folder, '.ssh', 'known_hosts');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function checkWith(changes: Partial<SshSettings>, answer?: string) {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  const prompter = answer === undefined ? undefined : { ask, askSecret: async () => undefined };
  const settings = settingsOf({ userKnownHostsFiles: [file], ...changes });
  const check = new HostKeyCheck(settings, { host: 'router-a', store: new KnownHostsStore(), ...(prompter === undefined ? {} : { prompter }) });
  return { check, questions };
}

function know(key: typeof KEY): void {
  mkdirSync(join(folder, '.ssh'));
  writeFileSync(file, `192.0.2.1 ${key.type} ${key.blob.toString('base64')}`);
}

describe('an unknown host key', () => {
  test.each([
    ['yes', undefined, 'refused'],
    ['ask', undefined, 'refused'],
    ['accept-new', undefined, 'accepted'],
    ['no', undefined, 'accepted'],
    ['yes', 'yes', 'refused'],
    ['ask', 'yes', 'accepted'],
    ['ask', ' YES \n', 'accepted'],
    ['ask', fingerprint(KEY.blob), 'accepted'],
    ['ask', fingerprint(OTHER.blob), 'refused'],
    ['ask', 'no', 'refused'],
    ['ask', '', 'refused'],
  ] as const)('under StrictHostKeyChecking %s with the answer «%s» is %s', async (hostKeyPolicy, answer, kind) => {
    const { check, questions } = checkWith({ hostKeyPolicy }, answer);
    expect((await check.decide(KEY)).kind).toBe(kind);
    expect(questions.length).toBe(hostKeyPolicy === 'ask' && answer !== undefined ? 1 : 0);
  });

  test('is shown to the person with its fingerprint', async () => {
    const { check, questions } = checkWith({}, 'no');
    await check.decide(KEY);
    expect(questions[0]).toContain(`ED25519 key fingerprint is ${fingerprint(KEY.blob)}.`);
  });

  test('is not asked about in batch mode', async () => {
    const { check, questions } = checkWith({ mayAsk: false }, 'yes');
    expect((await check.decide(KEY)).kind).toBe('refused');
    expect(questions).toEqual([]);
  });
});

describe('a changed host key', () => {
  test.each(['yes', 'ask', 'accept-new'] as const)('is refused under %s, whatever the person says', async (hostKeyPolicy) => {
    know(OTHER);
    const decision = await checkWith({ hostKeyPolicy }, 'yes').check.decide(KEY);
    expect(decision).toMatchObject({ kind: 'refused', failure: { code: 'ssh.host-key-changed' } });
  });

  test('names the file, the line and both fingerprints', async () => {
    know(OTHER);
    const decision = await checkWith({}).check.decide(KEY);
    expect(decision.kind === 'refused' && decision.failure.message).toContain(`${file}:1 has ED25519 ${fingerprint(OTHER.blob)}`);
    expect(decision.kind === 'refused' && decision.failure.message).toContain(fingerprint(KEY.blob));
  });

  test('under no is gone on with, unverified', async () => {
    know(OTHER);
    expect((await checkWith({ hostKeyPolicy: 'no' }).check.decide(KEY)).kind).toBe('unverified');
  });
});

describe('an accepted key', () => {
  test('is written for the next time, in a folder and file of the user alone', async () => {
    const { check } = checkWith({ hostKeyPolicy: 'accept-new', port: 2222 });
    await check.remember(KEY);
    expect(readFileSync(file, 'utf8')).toBe(`[192.0.2.1]:2222 ssh-ed25519 ${KEY.blob.toString('base64')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, '.ssh')).mode & 0o777).toBe(0o700);
    expect((await checkWith({ port: 2222 }).check.decide(KEY)).kind).toBe('trusted');
  });

  test('is hashed under HashKnownHosts', async () => {
    await checkWith({ isKnownHostHashed: true }).check.remember(KEY);
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|[^|]+\|\S+ ssh-ed25519 /u);
    expect((await checkWith({}).check.decide(KEY)).kind).toBe('trusted');
  });

  test('goes to a line of its own behind a line without end, and is written once', async () => {
    know(OTHER);
    const { check } = checkWith({ hostName: '192.0.2.7' });
    await Promise.all([check.remember(KEY), check.remember(KEY)]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  test('of many hosts at once leaves whole lines', async () => {
    const store = new KnownHostsStore();
    const names = Array.from({ length: 50 }, (_, index) => `192.0.2.${index}`);
    await Promise.all(names.map((name) => store.add(file, { name, keyType: KEY.type, key: KEY.blob, isHashed: false })));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual(names.map((name) => `${name} ${KEY.type} ${KEY.blob.toString('base64')}`));
  });

  test('for /dev/null is remembered for the run', async () => {
    const { check } = checkWith({ hostKeyPolicy: 'accept-new', userKnownHostsFiles: ['/dev/null'] });
    await check.remember(KEY);
    expect((await check.decide(KEY)).kind).toBe('trusted');
    expect((await check.decide(OTHER)).kind).toBe('refused');
  });
});
