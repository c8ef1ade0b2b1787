import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readListenAddress } from '../../../../src/cli/watch/metrics-address.ts';
import { serveMetrics } from '../../../../src/cli/watch/metrics-server.ts';
import { freePort } from '../../../protocol/sshd.ts';

let end: (() => Promise<void>) | undefined;
afterEach(async () => {
  await end?.();
  end = undefined;
});

async function served(): Promise<string> {
  const port = await freePort();
  end = await serveMetrics({ host: '127.0.0.1', port }, () => 'tunorch_tunnel_up 1\n');
  return `http://127.0.0.1:${port}`;
}

describe('the server of metrics', () => {
  it('serves /metrics as Prometheus reads it, and /healthz', async () => {
    const base = await served();
    const metrics = await fetch(`${base}/metrics?name=x`);
    expect([metrics.status, metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'tunorch_tunnel_up 1\n',
    ]);
    expect(await (await fetch(`${base}/healthz`)).text()).toBe('ok\n');
  });

  it('serves nothing else', async () => {
    const base = await served();
    expect([(await fetch(`${base}/`)).status, (await fetch(`${base}/metrics/../etc/passwd`)).status]).toEqual([404, 404]);
    expect((await fetch(`${base}/metrics`, { method: 'POST', body: 'x'.repeat(1e6) })).status).toBe(405);
  });

  it('ends although somebody is connected and says nothing', async () => {
    const { port } = new URL(await served());
    const idle = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    await end?.();
    await closed;
  });

  it('says so when somebody else has the port', async () => {
    const { port } = new URL(await served());
    await expect(serveMetrics({ host: '127.0.0.1', port: Number(port) }, () => '')).rejects.toThrow(/EADDRINUSE/);
  });
});

it.each([
  ['127.0.0.1:9469', { host: '127.0.0.1', port: 9469 }],
  ['[::1]:9469', { host: '::1', port: 9469 }],
  [':9469', { host: '', port: 9469 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['9469', undefined],
  ['127.0.0.1:70000', undefined],
  ['::1:9469', undefined],
  ['[nonsense]:9469', undefined],
])('reads %s', (text, expected) => {
  expect(readListenAddress(text)).toEqual(expected);
});
