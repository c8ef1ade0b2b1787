import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/run/events.ts';
import { PLAIN_THEME } from '../../../../src/ui/theme.ts';
import { tellWatch } from '../../../../src/ui/watch/tell-watch.ts';
import { watchMetrics } from '../../../../src/ui/watch/watch-metrics.ts';
import { formatSpan } from '../../../../src/ui/words.ts';
import { aTunnel } from '../../../support/builders.ts';
import { WatchStage } from '../../../support/watch-stage.ts';

const told = (event: RunEvent) => tellWatch(event, { theme: PLAIN_THEME, columns: Number.POSITIVE_INFINITY });

describe('a watch in lines', () => {
  it('has one line a change, with its time, and how long it was otherwise', () => {
    const at = Date.UTC(2026, 10, 21, 12);
    expect(
      told({
        type: 'tunnel-health',
        at,
        tunnel: 'gre1',
        health: 'down',
        before: 'up',
        reason: 'gre1 is gone on b',
        lastedMs: 7_500_000,
        isFirst: false,
      }),
    ).toEqual(['2026-11-21T12:00:00.000Z ✗ gre1 down: gre1 is gone on b (up for 2 h 05 min)']);
    expect(told({ type: 'tunnel-health', at, tunnel: 'gre1', health: 'up', before: 'unknown', lastedMs: 100, isFirst: true })).toEqual([
      '2026-11-21T12:00:00.000Z ✓ gre1 up',
    ]);
    expect(told({ type: 'host-failed', at, host: 'b', code: 'ssh.timeout', message: 'no\nanswer', hint: '' })).toEqual([
      '2026-11-21T12:00:00.000Z b: ssh.timeout: no answer',
    ]);
  });

  it('ends with how all stood', async () => {
    const stage = await new WatchStage([aTunnel(), aTunnel({ name: 'gre2' })]).seconds(30);
    stage.path('gre2').isOpen = false;
    await stage.seconds(30);
    const recap = await stage.end();
    expect(told({ type: 'run-finished', at: 0, recap })).toEqual(['1970-01-01T00:00:00.000Z watched for 1 min 00 s: 1 up, 1 down']);
  });
});

it('tells spans as long as they are', () => {
  expect([900, 59_999, 185_000, 7_500_000, 273_600_000].map(formatSpan)).toEqual(['0 s', '59 s', '3 min 05 s', '2 h 05 min', '3 d 04 h']);
});

describe('the metrics of a watch', () => {
  it('have the names and labels of verify, and say nothing of a tunnel nobody can ask', async () => {
    const stage = await new WatchStage([aTunnel(), aTunnel({ name: 'gre2' })]).seconds(60);
    stage.path('gre2').isOpen = false;
    await stage.seconds(30);
    const lines = watchMetrics(stage.watch.board, { residentBytes: 5 }).split('\n');
    const labels = (tunnel: string) => `{tunnel="${tunnel}",mode="gre",first="router-a",second="router-b"}`;
    expect(lines).toEqual(
      expect.arrayContaining([
        `tunorch_tunnel_up${labels('gre1')} 1`,
        `tunorch_tunnel_up${labels('gre2')} 0`,
        `tunorch_probe_sent${labels('gre1')} 20`,
        `tunorch_probe_received${labels('gre1')} 20`,
        `tunorch_probe_rtt_seconds${labels('gre1')} 0.002`,
        `tunorch_tunnel_changes_total${labels('gre2')} 2`,
        'tunorch_host_reachable{host="router-a"} 1',
        'process_resident_memory_bytes 5',
      ]),
    );
    for (const host of ['router-a', 'router-b']) stage.ills.set(host, 'ssh.unreachable');
    await stage.seconds(30);
    const later = watchMetrics(stage.watch.board, { residentBytes: 5 });
    expect(later).toContain(`tunorch_tunnel_unknown${labels('gre1')} 1`);
    expect(later).not.toMatch(/tunorch_tunnel_up\{/);
  });
});
