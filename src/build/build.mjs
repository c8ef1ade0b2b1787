import { existsSync } from 'node:fs';
import { bundle } from './bundle.mjs';

const validator = new URL('validator.mjs', import.meta.url);
if (existsSync(validator)) await import(validator.href);

await bundle();
