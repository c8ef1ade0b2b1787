import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';

describe('a secret', () => {
  const secret = new Secret('open sesame');

  it.each([
    ['as text', `${secret}`],
    ['as JSON', JSON.stringify({ secret })],
    ['to inspect', inspect({ secret }, { depth: 9, showHidden: true })],
    ['to format', format('%s %j %o', secret, secret, secret)],
    ['joined', [secret].join()],
    ['by its own entries', JSON.stringify(Object.entries(secret))],
  ])('does not tell itself %s', (_how, text) => {
    expect(text).not.toContain('sesame');
  });

  it('tells itself when it is asked to', () => {
    expect(secret.reveal()).toBe('open sesame');
  });
});
