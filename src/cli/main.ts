#!/usr/bin/env node
process.stdout.write(`${process.env.TUNORCH_VERSION ?? 'unbundled'}\n`);
