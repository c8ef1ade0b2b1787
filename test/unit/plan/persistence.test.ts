import { describe, expect, it } from 'vitest';
import { mirror } from '../../../src/domain/endpoint.ts';
import { type StoredFile, stagedPath } from '../../../src/domain/persistence.ts';
import { bootOperations } from '../../../src/plan/boot-operations.ts';
import { planPersistence } from '../../../src/plan/plan-persistence.ts';
import { compareSnapshots } from '../../../src/plan/snapshot.ts';
import { anObservedHost, aPersistence, aTunnel, behind } from '../../support/builders.ts';
import { presenceOf } from '../../support/builders-plan.ts';

const NETWORKS = [behind('10.1.1.0/24'), behind('10.2.1.0/24')] as const;
const [ENDPOINT] = mirror(aTunnel({ persist: 'auto' }, NETWORKS), { locals: ['30.1.1.1', '30.1.1.2'], mtuBytes: 1472 });

const UNIT = '/etc/systemd/system/tunorch-gre1.service';
const WANTED = '/etc/systemd/system/multi-user.target.wants/tunorch-gre1.service';
const MODULES = '/etc/modules-load.d/tunorch-gre1.conf';
const SYSCTL = '/etc/sysctl.d/90-tunorch-gre1.conf';
const HEADER = '# made by tunorch for the tunnel';

function withFiles(files: readonly StoredFile[]) {
  return anObservedHost({ persistence: aPersistence({ backEnds: new Set(['systemd']), files }) });
}

function planned(files: readonly StoredFile[], endpoint = ENDPOINT) {
  return planPersistence(endpoint, withFiles(files));
}

function changes(files: readonly StoredFile[], endpoint = ENDPOINT): readonly string[] {
  return planned(files, endpoint).changes.map(({ action, object }) => `${action} ${object}`);
}

/** What a host has after the whole plan was carried out. */
function written(): readonly StoredFile[] {
  return planned([]).steps.flatMap(({ forward }) => forward.flatMap((operation) => (operation.kind === 'stage-file' ? [operation.file] : [])));
}

function text(path: string, content: string): StoredFile {
  return { kind: 'text', path, text: `${content}\n`, mode: '644' };
}

describe('what makes a tunnel at boot', () => {
  it('is what a run does on a host that has nothing of it, but for what the host’s own files do', () => {
    const plan = presenceOf(aTunnel({}, NETWORKS));
    const forward = plan.steps.filter(({ host }) => host === 'router-a').flatMap((step) => step.forward);
    const alias = forward.flatMap((operation) => (operation.kind === 'add-link' ? [operation.link.alias] : []))[0] ?? '';
    const [endpoint] = plan.endpoints ?? [];
    expect(endpoint && bootOperations(endpoint, alias)).toEqual(forward.filter(({ kind }) => kind !== 'load-module' && kind !== 'set-sysctl'));
  });
});

describe('the files of a tunnel', () => {
  it('are all written where none is there, what starts the others last', () => {
    expect(changes([])).toEqual([MODULES, SYSCTL, UNIT, WANTED].map((path) => `add file ${path}`));
    expect(planned([]).steps.at(-1)).toMatchObject({ forward: [], inverse: [], final: [{ kind: 'reload', words: ['systemctl', 'daemon-reload'] }] });
  });

  it('are left alone where they are as wanted', () => {
    expect(planned(written())).toEqual({ changes: [], steps: [] });
  });

  it('are written again where a line, the mode or the target differs, and the plan says what', () => {
    const drifted = written().map((file) => {
      if (file.kind === 'symlink') return { ...file, target: '/dev/null' };
      return file.path === UNIT ? { ...file, text: file.text.replace('mtu 1472', 'mtu 1300') } : { ...file, mode: '600' };
    });
    const found = planned(drifted).changes.map(({ action, object, differences = [] }) => [action, object, differences.map(({ name }) => name)]);
    expect(found).toEqual([
      ['change', `file ${MODULES}`, ['mode']],
      ['change', `file ${SYSCTL}`, ['mode']],
      ['change', `file ${UNIT}`, ['line']],
      ['change', `file ${WANTED}`, ['target']],
    ]);
  });

  it('tell three lines that differ, and that lines changed places where none does', () => {
    const unit = (content: string) => planned([...written().filter(({ path }) => path !== UNIT), text(UNIT, `${HEADER} gre1 on x\n${content}`)]);
    expect(unit('[Unit]').changes[0]?.differences).toHaveLength(3);
    const shuffled = written().map((file) => (file.path === SYSCTL && file.kind === 'text' ? { ...file, text: lastLineFirst(file.text) } : file));
    expect(planned(shuffled).changes[0]?.differences).toMatchObject([{ name: 'order of lines' }]);
  });

  it('go when they are not wanted any more, what starts the others first; those of other tunnels stay', () => {
    const others = written().map((file): StoredFile => rename(file, 'gre10'));
    const { persist: _, ...unwanted } = ENDPOINT;
    expect(changes([...written(), ...others], unwanted)).toEqual([WANTED, UNIT, SYSCTL, MODULES].map((path) => `remove file ${path}`));
  });

  it('that a power cut left half done are taken away, unless they are written now', () => {
    const left = text(stagedPath(UNIT), `${HEADER} gre1 on router-a`);
    expect(changes([left, ...written()])).toEqual([`remove file ${stagedPath(UNIT)}`]);
    expect(changes([left])).toEqual(changes([]));
  });

  it('count when a host is compared with what it was', () => {
    const after = withFiles([...written().filter(({ path }) => path !== WANTED), text(stagedPath(UNIT), 'x')]);
    expect(compareSnapshots(withFiles(written()), after).map(({ belongsTo }) => belongsTo)).toEqual([WANTED, stagedPath(UNIT)]);
  });
});

/** The same file of another tunnel. */
function rename(file: StoredFile, name: string): StoredFile {
  return JSON.parse(JSON.stringify(file).replaceAll('gre1', name)) as StoredFile;
}

function lastLineFirst(content: string): string {
  const lines = content.trimEnd().split('\n');
  return `${[...lines.slice(-1), ...lines.slice(0, -1)].join('\n')}\n`;
}
