import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectationsOf } from '../../../src/verify/expectation.ts';
import { isReady, ROUND, readRound, roundFunctions } from '../../../src/watch/round.ts';
import { aTunnel } from '../../support/builders.ts';

const [own] = expectationsOf(aTunnel());
if (own === undefined) throw new Error('no expectation');
const lo = { ...own, device: 'lo', targets: ['127.0.0.1'] };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-round-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the functions and a round in a real sh whose `ping` is a script. */
function round(ping: string, ends = [lo]): string {
  const program = join(folder, 'ping');
  writeFileSync(program, `#!/bin/sh\n${ping}\n`);
  chmodSync(program, 0o755);
  return execFileSync('sh', ['-c', `PATH=${folder}:$PATH\n${roundFunctions(ends)}\n${ROUND}; true`], { encoding: 'utf8' });
}

const ANSWERED = `printf '1 packets transmitted, 1 received, 0%% packet loss, time 0ms\\nrtt min/avg/max/mdev = 0.5/0.5/0.5/0 ms\\n'`;

describe('a round', () => {
  it('tells of each end whether its peer answered, its link, and what it counted', () => {
    const stdout = round(ANSWERED);
    expect(isReady(stdout)).toBe(true);
    expect(readRound([lo], stdout)).toEqual([
      {
        tunnel: 'gre1',
        host: own.host,
        isAnswered: true,
        rttMs: 0.5,
        link: 'up',
        counters: { uptimeSeconds: expect.any(Number), rx: expect.objectContaining({ bytes: expect.any(Number) }), tx: expect.any(Object) },
      },
    ]);
  });

  it('tells of a device that is gone, and of silence', () => {
    const gone = { ...lo, device: 'no-such-device' };
    const stdout = round(`printf '1 packets transmitted, 0 received, 100%% packet loss, time 0ms\\n'; exit 1`, [gone]);
    expect(readRound([gone], stdout)).toEqual([{ tunnel: 'gre1', host: own.host, isAnswered: false, link: 'gone' }]);
  });

  it('says nothing of an end its host said nothing of', () => {
    expect(readRound([lo], 'a hostile host says this')).toEqual([]);
    expect(readRound([lo], '')).toEqual([]);
  });

  it('waits for a whole second where ping knows no part of one', () => {
    const stdout = round(`case "$*" in *' 0.7 '*) echo "ping: invalid number '0.7'" >&2; exit 1 ;; esac\n${ANSWERED}; echo "$*"`);
    expect(readRound([lo], stdout)).toMatchObject([{ isAnswered: true }]);
    expect(stdout).toContain('-W 1 -I lo 127.0.0.1');
  });

  it('is one line to send, whatever the number of tunnels', () => {
    expect(ROUND.length).toBeLessThan(40);
  });
});
