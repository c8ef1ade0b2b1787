import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Lab } from '../../../src/lab/lab.ts';
import { endLab } from '../../../src/lab/lab-state.ts';
import { labUp } from '../../../src/lab/lab-up.ts';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';

/** Labs that only some test files need. */
export interface LabsOnDemand {
  /** Ends every lab that was asked for. */
  end(): Promise<void>;
}

type Answer = { readonly name: string } | { readonly error: string };

/**
 * Boots the lab of a topology when the first test file asks for it, and gives it to all that ask later.
 *
 * Test files are processes that come and go, and guests end with the process that started them: this one is the run's own.
 *
 * @param socketPath - where test files ask, see `askForLab`
 */
export async function serveLabs(socketPath: string, onProgress: (line: string) => void): Promise<LabsOnDemand> {
  const labs = new Map<string, Promise<Lab>>();
  const labOf = (topologyName: string): Promise<Lab> => {
    const lab = labs.get(topologyName) ?? bootTopology(topologyName, onProgress);
    labs.set(topologyName, lab);
    return lab;
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    createInterface(socket).once('line', (topologyName) => void answer(socket, labOf(topologyName)));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return { end: () => endAll(server, labs) };
}

async function bootTopology(topologyName: string, onProgress: (line: string) => void): Promise<Lab> {
  const topology = TOPOLOGIES.get(topologyName);
  if (topology === undefined) throw new Error(`there is no topology "${topologyName}"`);
  return labUp(topology, { onProgress });
}

async function answer(socket: Socket, lab: Promise<Lab>): Promise<void> {
  const said: Answer = await lab.then(
    ({ name }) => ({ name }),
    (error: unknown) => ({ error: String(error) }),
  );
  socket.end(JSON.stringify(said));
}

async function endAll(server: Server, labs: ReadonlyMap<string, Promise<Lab>>): Promise<void> {
  server.close();
  const booted = await Promise.allSettled(labs.values());
  await Promise.all(booted.map((one) => (one.status === 'fulfilled' ? endLab(one.value) : undefined)));
}

/** The name of the topology's lab, which boots first when no file of this run has asked for it before. */
export async function askForLab(socketPath: string, topologyName: string): Promise<string> {
  const socket = createConnection(socketPath);
  socket.write(`${topologyName}\n`);
  const said = JSON.parse(await text(socket)) as Answer;
  if ('error' in said) throw new Error(said.error);
  return said.name;
}
