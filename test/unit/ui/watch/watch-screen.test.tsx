import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { asciiSigns, PLAIN_THEME } from '../../../../src/ui/theme.ts';
import { sparkline } from '../../../../src/ui/tui/watch/sparkline.ts';
import { WatchScreen } from '../../../../src/ui/tui/watch/WatchScreen.tsx';
import { type Choice, FIRST_CHOICE, type Pressed, press, selectedOf } from '../../../../src/ui/tui/watch/watch-keys.ts';
import { watchRows } from '../../../../src/ui/tui/watch/watch-rows.ts';
import { aTunnel } from '../../../support/builders.ts';
import { WatchStage } from '../../../support/watch-stage.ts';

/** A minute with as many tunnels, of which gre2 is down and gre3 loses packets. */
async function aMinute(count = 4): Promise<WatchStage> {
  const stage = await new WatchStage(Array.from({ length: count }, (_unused, index) => aTunnel({ name: `gre${index + 1}` }))).seconds(30);
  stage.path('gre2').gone = 'router-b';
  for (let time = 0; time < 2; time++) {
    stage.path('gre3').isOpen = false;
    await stage.seconds(5);
    stage.path('gre3').isOpen = true;
    await stage.seconds(10);
  }
  return stage;
}

function screen(stage: WatchStage, choice: Partial<Choice> = {}, size = { columns: 80, rows: 24 }): readonly string[] {
  const chosen = { ...FIRST_CHOICE, ...choice };
  const { board } = stage.watch;
  const rows = watchRows(board, chosen);
  const props = { state: board, rows, choice: chosen, events: ['12:00 ✗ gre2 down'], now: stage.clock.now, size, theme: PLAIN_THEME };
  return renderToString(<WatchScreen {...props} />, { columns: size.columns }).split('\n');
}

describe('the screen of a watch', () => {
  it('has a row a tunnel, the worst first, and fits the terminal', async () => {
    const stage = await aMinute();
    const lines = screen(stage);
    expect(lines[0]).toContain('4 tunnels · 2 hosts · 1 min 00 s · 2 up  1 degraded  1 down');
    expect(lines[1]).toMatch(/TUNNEL +STATE +LOSS +RTT +THERE\/s +BACK\/s +SINCE/);
    expect(lines.slice(2, 6).map((line) => line.split(/\s+/).slice(1, 4).join(' '))).toEqual([
      '>✗ gre2 down',
      '● gre3 degraded',
      '✓ gre1 up',
      '✓ gre4 up',
    ]);
    expect(lines.at(-1)).toContain('q quit');
  });

  it.each([
    [80, 24],
    [160, 50],
    [60, 15],
    [40, 10],
  ])('fits into %i × %i with forty tunnels, and the cursor stays in sight', async (columns, rows) => {
    const stage = await aMinute(40);
    for (const selected of ['gre2', 'gre23', 'gre40']) {
      const lines = screen(stage, { selected }, { columns, rows });
      expect(lines.length).toBeLessThan(rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.some((line) => line.includes(`>`) && line.includes(selected.slice(0, 5)))).toBe(true);
    }
  });

  it('opens a tunnel: both ends, what they counted, and why it is down', async () => {
    const lines = screen(await aMinute(), { isOpen: true, selected: 'gre2' });
    const text = lines.join('\n');
    expect(text).toContain('✗ gre2 down for');
    expect(text).toContain('gre2 is gone on router-b');
    expect(text).toContain('router-a gre2  up, no answer');
    expect(text).toMatch(/received .*packets, 0 errors, 0 dropped/);
  });

  it('is readable without signs beyond ASCII', async () => {
    const ascii = screen(await aMinute())
      .map(asciiSigns)
      .join('');
    expect(ascii).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe('the keys of a watch', () => {
  const play = async (keys: readonly (string | Pressed)[], stage = aMinute(12)) => {
    const { board } = (await stage).watch;
    let choice: Choice = FIRST_CHOICE;
    let wish: string | undefined;
    for (const key of keys) {
      const answer = press(choice, typeof key === 'string' ? { input: key } : key, { rows: watchRows(board, choice), page: 5 });
      choice = answer.choice;
      wish = answer.wish;
    }
    return { choice, wish, name: selectedOf(choice, watchRows(board, choice))?.name };
  };

  it('move the cursor, which stays on its tunnel when the order changes', async () => {
    expect((await play(['j', 'j'])).name).toBe('gre1');
    expect((await play(['j', 'j', 's', 's'])).name).toBe('gre1');
    expect((await play(['G', 'k'])).name).toBe('gre11');
    expect((await play([{ input: '', pageDown: true }, 'g'])).name).toBe('gre2');
  });

  it('filter by what is typed, and forget it', async () => {
    const { choice, name } = await play(['/', 'd', 'o', 'w', 'n', { input: '', return: true }]);
    expect([choice.filter, choice.isTyping, name]).toEqual(['down', false, 'gre2']);
    expect((await play(['/', 'q', 'x', { input: '', backspace: true }])).choice.filter).toBe('q');
    expect((await play(['/', 'x', { input: '', escape: true }])).choice).toMatchObject({ filter: '', isTyping: false });
  });

  it('open and close a tunnel, ask doctor, and quit', async () => {
    expect((await play([{ input: '', return: true }])).choice.isOpen).toBe(true);
    expect(
      (
        await play([
          { input: '', return: true },
          { input: '', escape: true },
        ])
      ).choice.isOpen,
    ).toBe(false);
    expect(await play(['d'])).toMatchObject({ wish: 'doctor', name: 'gre2', choice: { isOpen: true } });
    expect((await play(['q'])).wish).toBe('quit');
    expect((await play(['/', { input: 'c', ctrl: true }])).wish).toBe('interrupt');
  });

  it('sort by each column, and the other way round', async () => {
    expect((await play(['s', 's'])).choice.sort).toBe('loss');
    expect((await play(['s', 'r', 'g'])).name).toBe('gre12');
  });
});

it('draws round trips as high as they took, and what was lost', () => {
  expect(sparkline([1, 2, null, 8], 6)).toBe('  ▁▂×█');
  expect(sparkline([0, 0], 2)).toBe('▁▁');
});
