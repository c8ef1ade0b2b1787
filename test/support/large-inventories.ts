/** Inventories of any size, for tests and benchmarks of what grows with it. */
export const LARGE_SHAPES = { spread, hub, parallel, mesh } as const;

/** Ten tunnels a host, between neighbours. */
function spread(tunnels: number): string {
  const hosts = Math.max(12, Math.ceil(tunnels / 5));
  const pairs = Array.from({ length: tunnels }, (_unused, index): Ends => [index % hosts, (index + 1 + Math.floor(index / hosts)) % hosts]);
  return inventory(hosts, pairs);
}

/** One host in all tunnels. */
function hub(tunnels: number): string {
  return inventory(
    tunnels + 1,
    Array.from({ length: tunnels }, (_unused, index): Ends => [0, index + 1]),
  );
}

/** All tunnels between the same two hosts. */
function parallel(tunnels: number): string {
  return inventory(
    2,
    Array.from({ length: tunnels }, (): Ends => [0, 1]),
  );
}

/** A mesh of that many spokes around one hub: all that tells its tunnels apart is given out. */
function mesh(tunnels: number): string {
  return `${hostsText(tunnels + 1)}meshes:\n  m:\n    hosts: all\n    topology: hub-and-spoke\n    hubs: h0\n    pool: 172.16.0.0/12\n    tunnel: { mode: gre }\n`;
}

type Ends = readonly [number, number];

function inventory(hosts: number, pairs: readonly Ends[]): string {
  return `${hostsText(hosts)}tunnels:\n${pairs.map(tunnelText).join('')}`;
}

function hostsText(hosts: number): string {
  const lines = Array.from({ length: hosts }, (_unused, index) => `    h${index}: { ansible_host: ${outer(index)} }\n`);
  return `all:\n  vars: { ansible_user: root }\n  hosts:\n${lines.join('')}\n`;
}

function tunnelText([first, second]: Ends, index: number): string {
  const end = (host: number, inner: number) => `      h${host}: { local: ${outer(host)}, address: ${dotted(0xac10_0000 + inner)} }\n`;
  const head = `  t${index}:\n    mode: gre\n    key: ${index + 1}\n    ttl: 255\n    mtu: 1400\n    endpoints:\n`;
  return head + end(first, 2 * index) + end(second, 2 * index + 1);
}

/** Of 10.0.0.0/8. */
function outer(host: number): string {
  return dotted(0x0a00_0001 + host);
}

function dotted(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}
