import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../../src/inventory/playbook/batches.ts';
import { readPlaybook } from '../../../../src/inventory/playbook/read-playbook.ts';
import { stagesOf } from '../../../../src/inventory/playbook/stages.ts';

const folder = join(import.meta.dirname, '../../../../playbooks');

function read(text: string) {
  return readPlaybook({ path: 'playbook.yaml', text });
}

/** `code line:column`, for each problem. */
function problemsOf(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code, place }) => `${code.replace('playbook.', '')} ${place?.line}:${place?.column}`);
}

describe('readPlaybook', () => {
  it('reads every step and setting', () => {
    const { playbook, diagnostics } = read(`- name: all of it
  hosts: edge
  tunnels: core-*
  serial: [1, "25%"]
  max_fail_percentage: 10
  any_errors_fatal: true
  on_failure: rollback
  when: mode == 'gre'
  steps:
    - preflight
    - up: 
    - { name: settle, pause: 2.5 }
    - pause: Look at the graphs.
    - { run: { hosts: r1, command: date, undo: ":", seconds: 5 }, when: exists }
`);
    expect(diagnostics).toEqual([]);
    expect(playbook?.plays[0]).toMatchObject({
      hosts: 'edge',
      tunnels: 'core-*',
      serial: [{ tunnels: 1 }, { percent: 25 }],
      maxFailPercent: 10,
      anyErrorsFatal: true,
      onFailure: 'rollback',
      when: { kind: 'compare' },
      steps: [
        { kind: 'preflight', name: 'preflight' },
        { kind: 'up', name: 'up' },
        { kind: 'pause', name: 'settle', seconds: 2.5 },
        { kind: 'pause', prompt: 'Look at the graphs.' },
        { kind: 'run', hosts: 'r1', command: 'date', undo: ':', seconds: 5, when: { kind: 'name' } },
      ],
    });
  });

  it('names every problem with its place', () => {
    expect(problemsOf('- { name: a, steps: [up] }\n- { name: a, steps: [op] }')).toEqual(['duplicate-play 2:5', 'step-count 2:22']);
    expect(problemsOf('- steps: [up]\n  serail: 2')).toEqual(['missing-key 1:3', 'unknown-key 2:3']);
    expect(problemsOf('- name: a\n  steps:\n    - { up: , down: }\n    - { name: nothing }')).toEqual(['step-count 3:15', 'step-count 4:7']);
    expect(problemsOf('- name: a\n  when: "exists && kernal > 5"\n  steps: [up]')).toEqual(['condition 2:20']);
    expect(problemsOf('- name: a\n  serial: 0\n  on_failure: explode\n  steps: [{ run: { command: x } }]')).toEqual([
      'wrong-value 2:11',
      'wrong-value 3:15',
      'missing-key 4:13',
    ]);
    expect(problemsOf('plays: []')).toEqual(['wrong-type 1:1']);
    expect(problemsOf('- name: a\n  steps: [{ run: { command: "{{ x }}", undo: ":" } }]')).toEqual(['template 2:29']);
    expect(problemsOf('- [')).toEqual(['yaml-syntax 1:4']);
  });

  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s has no problem', (name) => {
    const { playbook, diagnostics } = read(readFileSync(join(folder, name), 'utf8'));
    expect(diagnostics).toEqual([]);
    expect(playbook?.plays.length).toBeGreaterThan(0);
  });
});

describe('batchesOf', () => {
  const sizes = (total: number, ...serial: Parameters<typeof batchesOf>[1]) =>
    batchesOf(Array.from({ length: total }), serial).map(({ length }) => length);

  it('splits as Ansible does', () => {
    expect(sizes(10)).toEqual([10]);
    expect(sizes(10, { tunnels: 4 })).toEqual([4, 4, 2]);
    expect(sizes(10, { tunnels: 1 }, { percent: 30 }, { percent: 100 })).toEqual([1, 3, 6]);
    expect(sizes(3, { percent: 10 })).toEqual([1, 1, 1]);
    expect(sizes(0, { tunnels: 4 })).toEqual([]);
  });
});

describe('stagesOf', () => {
  it('puts commands into the transaction beside them', () => {
    const run = (name: string) => ({ name, kind: 'run', command: ':', undo: ':', seconds: 30 }) as const;
    const word = (kind: 'up' | 'verify') => ({ name: kind, kind }) as const;
    const stages = stagesOf([run('a'), word('up'), run('b'), run('c'), word('verify'), run('d'), word('verify'), run('e'), word('up')]);
    const told = stages.map((stage) =>
      [
        ...('before' in stage ? stage.before : []).map(({ name }) => name),
        stage.step.name.toUpperCase(),
        ...('after' in stage ? stage.after : []).map(({ name }) => name),
      ].join(' '),
    );
    expect(told).toEqual(['a UP b c', 'VERIFY', 'D', 'VERIFY', 'e UP']);
  });
});
