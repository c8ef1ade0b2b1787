import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashCompletion } from '../../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../../src/cli/completion/fish.ts';
import { completedCommands } from '../../../src/cli/completion/words.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { TestTerminal } from '../../support/terminal.ts';

const commands = completedCommands(buildProgram());
const [BASH, ZSH, FISH] = ['/bin/bash', '/bin/zsh', '/usr/bin/fish'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-completion-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe.runIf(existsSync(BASH))('bash', () => {
  /** What bash offers for the last of these words. */
  function offered(...words: readonly string[]): readonly string[] {
    const path = script('bash', bashCompletion(commands));
    const line = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tunorch; printf "%s\\n" "${COMPREPLY[@]}"';
    return execFileSync(BASH, ['--norc', '-c', line, 'bash', path, 'tunorch', ...words], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  }

  it('completes every command', () => {
    expect(offered('')).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
    expect(offered('ver')).toEqual(['verify']);
  });
  it('completes options, and their values', () => {
    expect(offered('plan', '--detailed')).toEqual(['--detailed-exitcode']);
    expect(offered('up', '--output', 'j')).toEqual(['json', 'junit']);
    expect(offered('verify', '-o', 'p')).toEqual(['prometheus']);
  });
  it('completes what comes after lab and schema', () => {
    expect(offered('lab', 'st')).toEqual(['status']);
    expect(offered('schema', 'e')).toEqual(['events']);
  });
  it('leaves files to itself', () => {
    expect(offered('up', 'inv')).toEqual([]);
  });
});

describe.runIf(existsSync(FISH))('fish', () => {
  function offered(line: string): readonly string[] {
    const path = script('fish', fishCompletion(commands));
    const found = execFileSync(FISH, ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', path, line], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder },
    });
    return found
      .split('\n')
      .filter(Boolean)
      .map((each) => each.split('\t')[0] ?? '');
  }

  it('completes commands, options and values', () => {
    expect(offered('tunorch ver')).toEqual(['verify']);
    expect(offered('tunorch plan --detailed')).toEqual(['--detailed-exitcode']);
    expect(offered('tunorch up --output j')).toEqual(['json', 'junit']);
    expect(offered('tunorch schema e')).toContain('events');
  });
});

describe.runIf(existsSync(ZSH))('zsh', () => {
  it('completes commands, options and values', async () => {
    const path = script('zsh', zshCompletion(commands));
    const terminal = new TestTerminal([ZSH, '-f', '-i'], { columns: 120, rows: 40 }, { HOME: folder, ZDOTDIR: folder, PS1: '> ' });
    try {
      terminal.press(`autoload -Uz compinit; compinit -u -D; source ${path}; echo re''ady\n`);
      await terminal.shows(/^ready/m);
      terminal.press('tunorch ver\t');
      await terminal.shows('tunorch verify');
      terminal.press('-o prom\t');
      await terminal.shows('tunorch verify -o prometheus');
      terminal.press(' --time\t');
      await terminal.shows('-o prometheus --timeout');
    } finally {
      terminal.end();
    }
  });
});
