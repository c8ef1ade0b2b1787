import { describe, expect, it } from 'vitest';
import type { Allotment } from '../../../src/domain/allotment.ts';
import { lockLines } from '../../../src/ui/lock-lines.ts';
import { PLAIN_THEME } from '../../../src/ui/theme.ts';

const tunnel: Allotment = {
  mesh: 'core',
  tunnel: 'core-r1-r2',
  key: 7,
  ends: [
    { host: 'r1', address: '10.99.0.0', device: 'core-r2' },
    { host: 'r2', address: '10.99.0.1', device: 'core-r1' },
  ],
  isReleased: false,
};
const event = { at: 0, type: 'lock-file', path: 'mesh.lock.yaml', allotted: [tunnel], released: [{ ...tunnel, tunnel: 'core-r1-r3' }] } as const;

describe('lockLines', () => {
  it('says what a plan would give, tunnel by tunnel', () => {
    expect(lockLines({ ...event, isWritten: false }, { theme: PLAIN_THEME, columns: 200, isInFull: true })).toEqual([
      'mesh.lock.yaml: would be written, 1 tunnel given addresses, 1 tunnel released',
      '  + core-r1-r2: key 7, r1 10.99.0.0 on core-r2, r2 10.99.0.1 on core-r1',
      '  - core-r1-r3 released',
    ]);
  });

  it('says that it was written in one line', () => {
    expect(lockLines({ ...event, isWritten: true }, { theme: PLAIN_THEME, columns: 80, isInFull: false })).toHaveLength(1);
  });
});
