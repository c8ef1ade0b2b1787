import { cablesOf, guestsOf, type LabHost, type LabLink, type Plug, type Topology } from './topology.ts';

/** A topology's hosts as they are on the guests of another. */
export interface Placement {
  /** The topology in the names of the guests and their devices. */
  readonly placed: Topology;
  /** The guest of each of the topology's own guests. */
  readonly guestFor: Readonly<Record<string, string>>;
}

/**
 * Lays a topology over guests that already run with other names, so that guests booted once play all scenarios.
 *
 * Guests of the same name take each other; the rest are taken in order. Each cable of the topology takes the cable that
 * the guests have between them; PCs keep their names and devices.
 *
 * @throws Error - the ground lacks a guest or a cable that the topology has
 */
export function place(topology: Topology, ground: Topology): Placement {
  const guestFor = matchGuests(topology, ground);
  const devices = new Map<string, Plug>();
  for (const cable of cablesOf(topology)) {
    const under = findCable(ground, guestFor, cable);
    for (const plug of cable) {
      const host = guestFor[plug.host];
      const plugUnder = under.find((one) => one.host === host);
      if (plugUnder !== undefined) devices.set(`${plug.host} ${plug.device}`, plugUnder);
    }
  }
  const replug = (plug: Plug): Plug => devices.get(`${plug.host} ${plug.device}`) ?? { host: guestFor[plug.host] ?? plug.host, device: plug.device };
  const rename = (host: string, device: string): string => replug({ host, device }).device;
  const hosts = topology.hosts.map((host) => placeHost(host, guestFor, rename));
  return { placed: { ...topology, hosts, links: topology.links.map(([one, other]) => [replug(one), replug(other)]) }, guestFor };
}

function matchGuests(topology: Topology, ground: Topology): Readonly<Record<string, string>> {
  const free = guestsOf(ground).map((guest) => guest.name);
  const guests = guestsOf(topology).map((guest) => guest.name);
  const same = guests.filter((name) => free.includes(name));
  const others = free.filter((name) => !same.includes(name)).sort((one, other) => Number(one === 'router') - Number(other === 'router'));
  const pairs = guests.map((name): [string, string] => [name, same.includes(name) ? name : (others.shift() ?? '')]);
  const lacking = pairs.find(([, guest]) => guest === '');
  if (lacking !== undefined) throw new Error(`"${ground.name}" has no guest left for host "${lacking[0]}" of "${topology.name}"`);
  return Object.fromEntries(pairs);
}

function findCable(ground: Topology, guestFor: Readonly<Record<string, string>>, cable: LabLink): LabLink {
  const wanted = cable.map((plug) => guestFor[plug.host]);
  const found = cablesOf(ground).find((ends) => wanted.every((guest) => ends.some((plug) => plug.host === guest)));
  if (found === undefined) throw new Error(`"${ground.name}" has no link between ${wanted.join(' and ')}`);
  return found;
}

function placeHost(host: LabHost, guestFor: Readonly<Record<string, string>>, rename: (host: string, device: string) => string): LabHost {
  const { addresses, masquerade, inside } = host;
  const guest = inside === undefined ? undefined : guestFor[inside];
  return {
    ...host,
    name: guestFor[host.name] ?? host.name,
    ...(guest === undefined ? {} : { inside: guest }),
    ...(addresses === undefined
      ? {}
      : { addresses: Object.fromEntries(Object.entries(addresses).map(([device, list]) => [rename(host.name, device), list])) }),
    ...(masquerade === undefined ? {} : { masquerade: masquerade.map((device) => rename(host.name, device)) }),
  };
}
