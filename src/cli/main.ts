#!/usr/bin/env node
import { CommanderError } from 'commander';
import { INPUT_WRONG } from './exit-codes.ts';
import { buildProgram } from './program.ts';

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : INPUT_WRONG;
}
