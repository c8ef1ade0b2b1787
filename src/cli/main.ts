#!/usr/bin/env node
import { CommanderError } from 'commander';
import { INPUT_WRONG } from './exit-codes.ts';
import { buildProgram } from './program.ts';

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : INPUT_WRONG;
}
