import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/lab/command.ts';

describe('runCommand', () => {
  it('gives status, stdout and stderr, and hands stdin over', async () => {
    expect(await runCommand(['sh', '-c', 'cat; echo no >&2; exit 3'], { stdin: 'hello' })).toEqual({ status: 3, stdout: 'hello', stderr: 'no\n' });
  });

  it('tells each whole line of stderr as it comes', async () => {
    const lines: string[] = [];
    await runCommand(['sh', '-c', 'printf "a\\nb\\nc" >&2'], { onStderrLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a', 'b']);
  });

  it('does not wait for a pipe that outlives a command it gave up', async () => {
    const result = await runCommand(['sh', '-c', 'echo early; sleep 3 & exec sleep 30'], { timeoutMs: 300 });
    expect(result).toMatchObject({ status: 137, stdout: 'early\n' });
  });

  it('rejects when the program is not there', async () => {
    await expect(runCommand(['/no/such/program'])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
