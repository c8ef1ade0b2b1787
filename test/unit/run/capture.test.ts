import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureRequest } from '../../../src/run/world.ts';
import { type Bytes, captureFile, echo, gre, ipv4 } from '../../support/builders-packets.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { type Stage, type StagedRun, until } from '../../support/fake-host-stage.ts';
import { Tcpdump } from '../../support/fake-tcpdump.ts';

const RAW = 101;
const [A, B] = ['30.1.1.1', '30.1.1.2'];

let stage: Stage;
beforeEach(async () => {
  stage = twoRouters();
  await stage.run({ tunnels: [sites()] });
});
afterEach(() => stage.close());

interface Sent {
  readonly from: 'a' | 'b';
  readonly kind: 'request' | 'reply';
  readonly seq: number;
  readonly key?: number;
  readonly id?: number;
}

/** A ping through gre1 as it is on the wire. */
function onWire({ from, kind, seq, key = 1, id = seq }: Sent): Bytes {
  const outer = from === 'a' ? { from: A, to: B } : { from: B, to: A };
  const inner = from === 'a' ? { from: '10.10.10.1', to: '10.10.10.2' } : { from: '10.10.10.2', to: '10.10.10.1' };
  return ipv4({ ...outer, protocol: 47, id }, gre({ key, seq: id, csum: true }, ipv4({ ...inner, protocol: 1, ttl: 64, id }, echo(kind, seq))));
}

const BASE = 1_700_000_000_000_000;

/** Both ways, a request and its reply each; `lagMicros` is what the host's clock shows more. */
function exchange(lagMicros: (from: 'a' | 'b') => number): Bytes {
  const packets: readonly Sent[] = [
    { from: 'a', kind: 'request', seq: 1, id: 11 },
    { from: 'b', kind: 'reply', seq: 1, id: 12 },
    { from: 'b', kind: 'request', seq: 1, id: 13 },
    { from: 'a', kind: 'reply', seq: 1, id: 14 },
  ];
  return captureFile(
    RAW,
    packets.map((packet, index) => ({ atMicros: BASE + index * 1000 + lagMicros(packet.from), bytes: onWire(packet) })),
  );
}

/** Packets take 400 µs, and the clock of router-b is an hour ahead. */
const HOUR = 3_600_000_000;
const AT_A = exchange((from) => (from === 'a' ? 0 : 400));
const AT_B = exchange((from) => HOUR + (from === 'b' ? 0 : 400));

function capture(request: Partial<CaptureRequest> = {}, fields: Partial<Parameters<Stage['run']>[0]> = {}): Promise<StagedRun> {
  return stage.run({ tunnels: [sites()], command: 'capture', capture: { packets: 100, seconds: 1, echoes: 1, ...request }, ...fields });
}

function bothListen(files: { readonly a?: Bytes; readonly b?: Bytes } = {}): readonly [Tcpdump, Tcpdump] {
  return [new Tcpdump(stage.host('router-a'), { file: files.a ?? AT_A }), new Tcpdump(stage.host('router-b'), { file: files.b ?? AT_B })];
}

function told({ events }: StagedRun) {
  return {
    packets: events.flatMap((event) => (event.type === 'packet' ? [event.packet] : [])),
    traffic: events.flatMap((event) => (event.type === 'traffic' ? [event.traffic] : [])),
    captured: events.flatMap((event) => (event.type === 'captured' ? [event] : [])),
  };
}

describe('capture', () => {
  it('shows each packet at both ends, in the order in which they set out, whatever the clocks say', async () => {
    const [tcpdump] = bothListen();
    const before = stage.snapshots();
    const run = await capture();
    const { packets, traffic, captured } = told(run);
    expect(run.recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok', problems: [] }] });
    expect(packets.map(({ from, to, sent, arrived }) => [from, to, sent?.layers.at(-1), arrived?.layers.at(-1)])).toMatchObject([
      ['router-a', 'router-b', { kind: 'echo-request' }, { kind: 'echo-request' }],
      ['router-b', 'router-a', { kind: 'echo-reply' }, { kind: 'echo-reply' }],
      ['router-b', 'router-a', { kind: 'echo-request' }, { kind: 'echo-request' }],
      ['router-a', 'router-b', { kind: 'echo-reply' }, { kind: 'echo-reply' }],
    ]);
    expect(packets[0]?.arrived?.sinceMs).toBeGreaterThanOrEqual(0);
    expect(packets[0]?.sent).toMatchObject({ sinceMs: 0, hostSeconds: 1_700_000_000 });
    expect(packets[0]?.sent?.layers).toMatchObject([
      { layer: 'ipv4', from: A, to: B },
      { layer: 'gre', key: 1, checksum: 'right', seq: 11 },
      {},
      { id: 77, seq: 1 },
    ]);
    expect(captured).toMatchObject([
      {
        ends: [
          { host: 'router-a', packets: 4, isFull: false, dropped: 1 },
          { host: 'router-b', packets: 4 },
        ],
      },
    ]);
    expect(captured[0]?.clocks?.differenceMs).toBeCloseTo(3_600_000, 0);
    expect(traffic).toEqual([
      { from: 'router-a', to: 'router-b', of: 'echo-requests', sent: 1, arrived: 1, echoes: { sent: 1, received: 1 } },
      { from: 'router-b', to: 'router-a', of: 'echo-requests', sent: 1, arrived: 1, echoes: { sent: 1, received: 1 } },
    ]);
    expect(tcpdump.argv).toMatch(/^--immediate-mode -n -p -U -i eth0 -s 256 -c 100 -w - ip host 30\.1\.1\.1 and ip host 30\.1\.1\.2 and /);
    expect(stage.snapshots()).toEqual(before);
  });

  it('leaves nothing on the hosts: no process, no file, no lock', async () => {
    const files = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tmp.'));
    const before = files();
    const programs = bothListen();
    const { scripts } = await capture();
    expect(programs.map(({ isRunning }) => isRunning)).toEqual([false, false]);
    expect(files().filter((name) => !before.includes(name))).toEqual([]);
    expect(stage.littered).toEqual([]);
    expect(scripts.map(({ sort }) => sort)).not.toContain('prepare');
  });

  it('tells that packets do not arrive, and shows them where they left', async () => {
    stage.network.dropped.add('gre');
    const request = captureFile(RAW, [{ atMicros: BASE, bytes: onWire({ from: 'a', kind: 'request', seq: 1 }) }]);
    bothListen({ a: request, b: captureFile(RAW, []) });
    const run = await capture();
    const { packets, traffic } = told(run);
    expect(packets).toMatchObject([{ number: 1, from: 'router-a', to: 'router-b', sent: { sinceMs: 0 } }]);
    expect(packets[0]).not.toHaveProperty('arrived');
    expect(traffic[0]).toMatchObject({ sent: 1, arrived: 0, echoes: { sent: 1, received: 0 } });
    expect(run.recap).toMatchObject({ exitCode: 1, tunnels: [{ outcome: 'failed' }] });
    expect(run.recap.tunnels[0]?.problems.map(({ code, host }) => `${host} ${code}`)).toEqual([
      'router-b capture.nothing-arrived',
      'router-b capture.nothing-sent',
    ]);
  });

  it('leaves out what its key says is of another tunnel between the same hosts', async () => {
    const both = captureFile(RAW, [
      { atMicros: BASE, bytes: onWire({ from: 'a', kind: 'request', seq: 1, key: 2 }) },
      { atMicros: BASE + 9, bytes: onWire({ from: 'a', kind: 'request', seq: 1 }) },
    ]);
    bothListen({ a: both, b: both });
    const { packets } = told(await capture({ echoes: 0 }));
    expect(packets.map(({ sent }) => sent?.layers[1])).toMatchObject([{ layer: 'gre', key: 1 }]);
  });

  it('listens without sending where it is told to, and finds nothing wrong with silence', async () => {
    bothListen({ a: captureFile(RAW, []), b: captureFile(RAW, []) });
    const run = await capture({ echoes: 0 });
    expect(run.recap.exitCode).toBe(0);
    expect(run.scripts.filter(({ text }) => /^ping /m.test(text))).toEqual([]);
    expect(told(run).traffic).toEqual([
      { from: 'router-a', to: 'router-b', of: 'packets', sent: 0, arrived: 0 },
      { from: 'router-b', to: 'router-a', of: 'packets', sent: 0, arrived: 0 },
    ]);
  });

  it('hands over what each host saw as it came', async () => {
    bothListen({ b: Uint8Array.from([...AT_B, 1, 2, 3]) });
    const kept = new Map<string, Uint8Array>();
    await capture({ keep: (tunnel, host, file) => void kept.set(`${tunnel} ${host}`, file) });
    expect([...kept.keys()]).toEqual(['gre1 router-a', 'gre1 router-b']);
    expect(Buffer.from(kept.get('gre1 router-b') ?? []).equals(AT_B)).toBe(true);
  });

  it('goes without one end that has no tcpdump, and tells what to install there', async () => {
    new Tcpdump(stage.host('router-a'), { file: AT_A });
    const run = await capture();
    expect(run.recap.exitCode).toBe(0);
    expect(run.events).toContainEqual({
      type: 'host-warning',
      host: 'router-b',
      message: 'there is no `tcpdump` on it: only the other end is seen. Install the package tcpdump there.',
    });
    expect(told(run).traffic[0]).toEqual({ from: 'router-a', to: 'router-b', of: 'echo-requests', sent: 1, echoes: { sent: 1, received: 1 } });
    expect(told(run).traffic[1]).toMatchObject({ from: 'router-b', arrived: 1 });
  });

  it('ends with 4 where neither has one, told by host', async () => {
    const run = await capture();
    expect(run.recap).toMatchObject({ exitCode: 4, tunnels: [{ outcome: 'unreachable', problems: [{ host: 'router-a' }, { host: 'router-b' }] }] });
    expect(run.events.filter(({ type }) => type === 'host-failed')).toMatchObject([
      { code: 'host.program-missing' },
      { code: 'host.program-missing' },
    ]);
  });

  it('tells why tcpdump does not listen, without what could paint over a terminal', async () => {
    for (const host of stage.hosts.values()) new Tcpdump(host, { file: AT_A, refusal: 'eth0: \u001b[2J No such device' });
    const run = await capture();
    expect(run.recap.tunnels[0]?.problems[0]).toMatchObject({
      code: 'host.refused',
      message: 'tcpdump cannot listen on eth0: tcpdump: eth0: No such device',
    });
  });

  it('does not say of a capture that is full what it cannot know', async () => {
    for (const host of stage.hosts.values()) new Tcpdump(host, { file: captureFile(RAW, []), isFull: true });
    const run = await capture();
    expect(run.recap.exitCode).toBe(0);
    expect(told(run).captured[0]?.ends).toMatchObject([{ isFull: true }, { isFull: true }]);
    expect(told(run).traffic[0]).toEqual({ from: 'router-a', to: 'router-b', of: 'echo-requests', echoes: { sent: 1, received: 1 } });
  });

  it('refuses a host whose answers make no sense', async () => {
    bothListen({ b: Uint8Array.from(Buffer.from('<html>this is no capture</html>')) });
    const run = await capture();
    expect(run.recap).toMatchObject({
      exitCode: 4,
      tunnels: [{ outcome: 'unreachable', problems: [{ code: 'host.facts-unreadable', host: 'router-b' }] }],
    });
  });

  it('shows what it has when it is interrupted, and ends with 130', async () => {
    const programs = bothListen();
    const ctrlC = new AbortController();
    const run = await capture(
      { echoes: 0, seconds: 100_000 },
      { interrupt: ctrlC.signal, listen: ({ type }) => void (type === 'listening' && setTimeout(() => ctrlC.abort(), 100)) },
    );
    expect(run.recap.exitCode).toBe(130);
    expect(told(run).packets.length).toBe(4);
    expect(programs.map(({ isRunning }) => isRunning)).toEqual([false, false]);
  });

  it('leaves no process where the connection is lost while it listens', async () => {
    const programs = bothListen();
    const run = await capture({}, { faults: { lose: (host, sort) => (host === 'router-b' && sort === 'echo' ? 'before' : undefined) } });
    expect(run.recap).toMatchObject({
      exitCode: 4,
      tunnels: [{ outcome: 'unreachable', problems: [{ code: 'ssh.connection-lost', host: 'router-b' }] }],
    });
    await until(() => programs.every(({ isRunning }) => !isRunning));
  });

  it('has nothing to show of a tunnel that is to be absent', async () => {
    bothListen();
    const run = await capture({}, { tunnels: [sites({ state: 'absent' })] });
    expect(run.recap).toMatchObject({ exitCode: 0, tunnels: [{ outcome: 'ok' }] });
    expect(told(run).packets).toEqual([]);
  });
});
