import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FILE_FUNCTIONS } from '../../../src/script/placing.ts';

it('a file gets its mode, and folders made for it can be read by all, whatever the umask of the session', () => {
  const root = mkdtempSync(join(tmpdir(), 'tunorch-placing-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = join(root, 'network', '10-netplan-gre1.network.d', 'tunorch.conf');
  expect(spawnSync('sh', ['-c', `umask 077\n${FILE_FUNCTIONS}\ntunorch_write "$0" 640 text && umask`, path], { encoding: 'utf8' }).stdout).toBe(
    '0077\n',
  );
  const modes = [path, join(path, '..'), join(path, '../..')].map((one) => (statSync(one).mode & 0o777).toString(8));
  expect(modes).toEqual(['640', '755', '755']);
});

it('a file that goes takes the folder of its drop-ins along where it was the last, and none that was not there is missed', () => {
  const root = mkdtempSync(join(tmpdir(), 'tunorch-placing-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = join(root, '10-netplan-gre1.network.d', 'tunorch.conf');
  const script = `${FILE_FUNCTIONS}\ntunorch_write "$0" 644 text && tunorch_remove "$0" && tunorch_remove "$0" && ls "\${0%/*/*}" && echo gone`;
  expect(spawnSync('sh', ['-c', script, path], { encoding: 'utf8' })).toMatchObject({ stdout: 'gone\n', stderr: '' });
});
