import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ListenAddress } from './metrics-address.ts';

/** A server that scrapes are few for: more connections than these, or slower ones, are none of its business. */
const MOST_CONNECTIONS = 32;
const SLOWEST_MS = 10_000;

/**
 * Serves `GET /metrics` and `GET /healthz` and nothing else; what is sent along is not read.
 *
 * @param metrics - makes the text when it is asked for
 * @returns how to end it
 * @throws Error - of listen(2), such as EADDRINUSE
 */
export async function serveMetrics({ host, port }: ListenAddress, metrics: () => string): Promise<() => Promise<void>> {
  const server = createServer(
    { maxHeaderSize: 8192, requestTimeout: SLOWEST_MS, headersTimeout: SLOWEST_MS, keepAliveTimeout: SLOWEST_MS },
    (request, response) => answer(request, response, metrics),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SLOWEST_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', () => undefined);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, metrics: () => string): void {
  const [path] = url.split('?');
  if (method !== 'GET') return send(response.setHeader('Allow', 'GET'), 405, 'only GET\n');
  if (path === '/metrics') return send(response, 200, metrics(), 'text/plain; version=0.0.4; charset=utf-8');
  if (path === '/healthz') return send(response, 200, 'ok\n');
  return send(response, 404, 'there is /metrics and /healthz\n');
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }).end(body);
}
