#!/usr/bin/env node
import { CommanderError } from 'commander';
import { INPUT_WRONG, UNEXPECTED } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { unexpectedWords } from './unexpected.ts';

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** At once: connections that are still open end, and the hosts roll back what they were told to. */
function endUnexpectedly(error: unknown): never {
  process.stderr.write(unexpectedWords(error));
  process.exit(UNEXPECTED);
}
process.on('uncaughtException', endUnexpectedly);

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) endUnexpectedly(error);
  process.exitCode = error.exitCode === 0 ? 0 : INPUT_WRONG;
}
