import { spawnSync } from 'node:child_process';
import { expandTokens, tokenValues } from './expand-tokens.ts';
import type { OptionValues } from './option-values.ts';
import type { SshEnvironment } from './ssh-environment.ts';

/** A command that hangs must not hold up the run for ever. */
const TIMEOUT_MS = 10_000;

/** Runs the commands of `Match exec` with the user's shell, as OpenSSH does; they stand in the user's own configuration. */
export function commandRunner(host: string, environment: SshEnvironment): (command: string, options: OptionValues) => boolean {
  return (command, options) => {
    const expanded = expandTokens(command, tokenValues(host, options, environment), environment);
    return spawnSync(environment.env.SHELL || '/bin/sh', ['-c', expanded], { stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0;
  };
}
