import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reqidOf } from '../../../src/domain/ipsec.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { readApplied } from '../../../src/script/apply.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import type { Stage, StagedRun } from '../../support/fake-host-stage.ts';

const HOSTS = ['router-a', 'router-b'] as const;
const tunnels = [sites({ ipsec: true })];

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

function outcomes({ recap }: StagedRun): readonly string[] {
  return recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`);
}

function keys(): readonly string[] {
  return HOSTS.flatMap((host) => stage.kernel(host).state.associations.map(({ key }) => key));
}

function spis(host: string): readonly number[] {
  return stage.kernel(host).state.associations.map(({ spi }) => spi);
}

function renumber(host: string): void {
  for (const one of stage.kernel(host).state.associations) one.spi += 7;
}

/** Everything a host keeps in files of its own. */
function filesOf(host: string): string {
  const { root } = stage.host(host).files;
  const found = readdirSync(join(root, 'run'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n');
}

describe('a tunnel with ipsec', () => {
  it('has one pair of associations, the same at both ends, with keys of its own in each direction', async () => {
    expect(outcomes(await stage.run({ tunnels }))).toEqual(['gre1 changed']);
    const [first, second] = HOSTS.map((host) => [...stage.kernel(host).state.associations].sort((one, other) => one.spi - other.spi));
    expect(first).toHaveLength(2);
    expect(second).toEqual(first);
    expect(new Set(keys())).toHaveLength(2);
    for (const key of keys()) expect(key).toMatch(/^0x[0-9a-f]{72}$/);
    expect(stage.littered).toEqual([]);
  });

  it('finds nothing to do the second time', async () => {
    await stage.run({ tunnels });
    const before = stage.snapshots();
    const again = await stage.run({ tunnels });
    expect(outcomes(again)).toEqual(['gre1 ok']);
    expect(again.recap.tunnels[0]?.changes).toBe(0);
    expect(stage.snapshots()).toEqual(before);
  });

  it('takes one round trip a phase, as any other', async () => {
    const { scripts } = await stage.run({ tunnels });
    expect(scripts.filter(({ host }) => host === 'router-a').map(({ sort }) => sort)).toEqual([
      'gather',
      'prepare',
      'apply',
      'verify',
      'settle',
      'finish',
    ]);
  });

  it('is gone after down, keys and all', async () => {
    const before = stage.snapshots();
    await stage.run({ tunnels });
    expect(outcomes(await stage.run({ tunnels, command: 'down' }))).toEqual(['gre1 changed']);
    expect(stage.snapshots()).toEqual(before);
  });

  it('keeps what protected it when it is brought back from a removal that failed', async () => {
    await stage.run({ tunnels });
    const before = stage.snapshots();
    stage.kernel('router-b').refuse({ after: 2 });
    const { recap } = await stage.run({ tunnels, command: 'down' });
    expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
    expect(stage.snapshots()).toEqual(before);
  });

  it.each<[string, () => void]>([
    ['an association is gone at one end', () => void stage.kernel('router-b').state.associations.pop()],
    ['the two have not the same', () => renumber('router-a')],
    [
      'one has more than a pair',
      () => stage.host('router-a').type(`xfrm state add src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x999 reqid ${reqidOf('gre1')} mode transport`),
    ],
  ])('gets new keys at both ends where %s', async (_what, drift) => {
    await stage.run({ tunnels });
    const old = new Set(keys());
    drift();
    expect(outcomes(await stage.run({ tunnels }))).toEqual(['gre1 changed']);
    expect(keys().filter((key) => old.has(key))).toEqual([]);
    expect(spis('router-a').toSorted()).toEqual(spis('router-b').toSorted());
    expect(outcomes(await stage.run({ tunnels }))).toEqual(['gre1 ok']);
  });

  it('gets a policy back that somebody removed, and keeps its keys', async () => {
    await stage.run({ tunnels });
    const [was, before] = [keys(), stage.snapshots()];
    stage.kernel('router-a').state.policies.shift();
    expect(outcomes(await stage.run({ tunnels }))).toEqual(['gre1 changed']);
    expect(keys()).toEqual(was);
    expect(stage.snapshots()).toEqual(before);
  });

  it('leaves associations and policies of others alone', async () => {
    stage.host('router-a').type('xfrm state add src 30.1.1.1 dst 30.1.1.9 proto esp spi 0x77 reqid 1 mode transport');
    stage
      .host('router-a')
      .type('xfrm policy add src 30.1.1.1/32 dst 30.1.1.9/32 dir out priority 9 tmpl src 30.1.1.1 dst 30.1.1.9 proto esp reqid 1 mode transport');
    const before = stage.snapshots();
    await stage.run({ tunnels });
    await stage.run({ tunnels, command: 'down' });
    expect(stage.snapshots()).toEqual(before);
  });

  it('goes on in clear text when `ipsec` is taken out of the inventory', async () => {
    await stage.run({ tunnels });
    expect(outcomes(await stage.run({ tunnels: [sites()] }))).toEqual(['gre1 changed']);
    expect(HOSTS.flatMap((host) => [...spis(host), ...stage.kernel(host).state.policies])).toEqual([]);
  });
});

describe('rekey', () => {
  const rekey = () => stage.run({ tunnels, command: 'rekey' });

  it('takes new ones at both ends before either sends by them, and removes the old ones last', async () => {
    await stage.run({ tunnels });
    const old = spis('router-a');
    const { recap, scripts } = await rekey();
    expect(recap.exitCode).toBe(0);
    expect(scripts.filter(({ host }) => host === 'router-b').map(({ sort }) => sort)).toEqual([
      'gather',
      'prepare',
      'apply',
      'apply',
      'verify',
      'settle',
      'finish',
    ]);
    const [first, second] = scripts.filter(({ host, sort }) => host === 'router-a' && sort === 'apply').map(({ text }) => text);
    expect(first).toContain('xfrm state add src 30.1.1.2 dst 30.1.1.1');
    expect(first).not.toContain('xfrm state add src 30.1.1.1 dst 30.1.1.2');
    expect(second).toContain('xfrm state add src 30.1.1.1 dst 30.1.1.2');
    expect(spis('router-a')).toHaveLength(2);
    expect(spis('router-a').filter((spi) => old.includes(spi))).toEqual([]);
  });

  it('leaves the old ones in use where a step is refused, wherever that is', async () => {
    await stage.run({ tunnels });
    const before = stage.snapshots();
    for (const after of [0, 1]) {
      stage.kernel('router-b').refuse({ after });
      const { recap } = await rekey();
      expect(recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'rolled-back', isProved: true }] });
      expect(stage.snapshots()).toEqual(before);
    }
    expect((await rekey()).recap.exitCode).toBe(0);
  });

  it('leaves one pair where the last word is lost: the timer keeps the new ones, and removes the old', async () => {
    await stage.run({ tunnels });
    const old = spis('router-a');
    const lose = (host: string, sort: string) => (host === 'router-b' && sort === 'finish' ? ('before' as const) : undefined);
    await stage.run({ tunnels, command: 'rekey', deadlineSeconds: 8, faults: { lose } });
    await expect.poll(() => stage.host('router-b').files.hasRunFolder, { timeout: 60_000 }).toBe(false);
    expect(spis('router-b').filter((spi) => old.includes(spi))).toEqual([]);
    expect(spis('router-b').toSorted()).toEqual(spis('router-a').toSorted());
  });
});

describe('a key', () => {
  it('is in no event, no recap, no word of a refusal and no file of a host', async () => {
    const written: string[] = [];
    const look = async (host: string) => void written.push(filesOf(host));
    const runs: StagedRun[] = [await stage.run({ tunnels, faults: { before: look } })];
    const seen = new Set(keys());
    stage.kernel('router-b').refuse({ after: 0 });
    runs.push(await stage.run({ tunnels, command: 'rekey', faults: { before: look } }), await stage.run({ tunnels, command: 'rekey' }));
    for (const key of keys()) seen.add(key);
    const told = JSON.stringify(runs.map(({ events, recap }) => ({ events, recap }))) + written.join('\n');
    expect(written.join('\n')).toContain('tunorch_undo_1');
    for (const key of seen) expect(told.includes(key.slice(2))).toBe(false);
  });

  it('is not told even where the host repeats it', () => {
    const key = new Secret('0x0123456789abcdef');
    const association = { source: '30.1.1.1', destination: '30.1.1.2', spi: 0x1001, reqid: reqidOf('gre1'), mode: 'transport' } as const;
    const step = {
      host: 'router-a',
      tunnel: 'gre1',
      title: 'add',
      forward: [{ kind: 'add-association', association, scope: {}, key }],
      inverse: [],
    } as const;
    const script = {
      host: 'router-a',
      run: 'r',
      tunnels: [{ tunnel: 'gre1', steps: [step], targets: [], evidence: 'none', asksLast: false }],
    } as const;
    const applied = readApplied(script, `@@tunorch-apply 1 0 1\nError: argument "${key.reveal()}" is wrong\n`).get('gre1');
    expect(applied).toMatchObject({ state: 'failed', words: 'Error: argument "***" is wrong' });
  });

  it('is hidden in the command of a step that is refused', async () => {
    await stage.run({ tunnels });
    stage.kernel('router-b').refuse({ after: 0 });
    const { recap } = await stage.run({ tunnels, command: 'rekey' });
    expect(recap.tunnels[0]?.problems[0]?.command).toMatch(
      /^ip xfrm state add src 30\.1\.1\.1 dst 30\.1\.1\.2 .* aead 'rfc4106\(gcm\(aes\)\)' '0x\*\*\*' 128 /,
    );
  });
});
