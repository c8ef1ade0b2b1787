import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

/** A TCP connection's way to a guest, which can be reset, or keep what the guest answers. */
export interface Detour {
  readonly port: number;
  /** Both sides of every connection get a reset. */
  reset(): void;
  /** From now on nothing that the guest says arrives; what it is told still does. */
  keepAnswers(): void;
  /** As it was: kept answers arrive. */
  pass(): void;
  close(): void;
}

/** Listens on loopback, for connections to a port there. */
export async function openDetour(target: () => number): Promise<Detour> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let keeps = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const guest = tcpConnect({ port: target(), host: '127.0.0.1', allowHalfOpen: true });
    const pair = [client, guest] as const;
    pairs.add(pair);
    client.pipe(guest);
    guest.pipe(client);
    if (keeps) guest.pause();
    for (const [one, other] of [pair, [guest, client]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => pairs.delete(pair));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const onGuests = (act: (client: Socket, guest: Socket) => void) => {
    for (const [client, guest] of pairs) act(client, guest);
  };
  return {
    port: portOf(server),
    reset: () => onGuests((client, guest) => [client, guest].map((socket) => socket.resetAndDestroy())),
    keepAnswers() {
      keeps = true;
      onGuests((client, guest) => guest.unpipe(client).pause());
    },
    pass() {
      keeps = false;
      onGuests((client, guest) => guest.pipe(client));
    },
    close() {
      onGuests((client, guest) => [client, guest].map((socket) => socket.destroy()));
      server.close();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return address.port;
}
