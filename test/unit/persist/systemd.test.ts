import { describe, expect, it } from 'vitest';
import { systemd } from '../../../src/persist/systemd.ts';
import { aPersistedEnd } from '../../support/builders-persist.ts';

/** The unit of an end with these commands. */
function unit(commands: readonly (readonly string[])[], dev?: string): string {
  const [file] = systemd.files({ ...aPersistedEnd({}, dev === undefined ? {} : { dev }), linkCommands: [], innerCommands: commands });
  return file?.kind === 'text' ? file.text : '';
}

describe('a unit', () => {
  it('waits for the link that a tunnel is bound to, by the name systemd has for it', () => {
    const text = unit([], 'eth0-up.7');
    expect(text).toContain('Wants=network.target sys-subsystem-net-devices-eth0\\x2dup.7.device\n');
    expect(text).toMatch(/^After=.* sys-subsystem-net-devices-eth0\\x2dup\.7\.device$/m);
    expect(unit([])).not.toContain('.device');
  });

  it('has no specifiers of systemd in its commands', () => {
    expect(unit([['link', 'set', 'dev', 'a%i']])).toContain('ExecStart=/usr/bin/env ip link set dev a%%i\n');
  });

  it.each(['a b', '"a"', '$HOME', ';', 'a\nb', ''])('is not written with the word %j', (word) => {
    expect(() => unit([[word]])).toThrow('not a word for a unit');
  });
});
