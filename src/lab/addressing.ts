import { batchLine, quote } from '../shell/quote.ts';
import { guestOf, type LabHost, type LabLink, type Topology } from './topology.ts';

/**
 * The shell text that gives one guest its part of a topology: namespaces, addresses, routes, sysctls, masquerading.
 *
 * It expects the clean state that a boot or `resetScript` leaves; one `ip -batch` a namespace, because under emulation each
 * process costs.
 */
export function addressingScript(topology: Topology, guest: string): string {
  const hosts = topology.hosts.filter((host) => guestOf(topology, host.name) === guest);
  const inner = hosts.filter((host) => host.inside !== undefined);
  const parts = [
    ...inner.map((host) => `ip netns add ${quote(host.name)}`),
    batch(
      [],
      innerLinks(topology, guest).flatMap(([one, other]) => vethLine(topology, [one, other])),
    ),
    ...hosts.map((host) => batch(namespaceOf(host), hostLines(topology, host))),
    ...hosts.flatMap(sysctlLines),
    ...hosts.flatMap(masqueradeLines),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function innerLinks(topology: Topology, guest: string): readonly LabLink[] {
  return topology.links.filter(([one, other]) => guestOf(topology, one.host) === guest && guestOf(topology, other.host) === guest);
}

function vethLine(topology: Topology, [one, other]: LabLink): readonly string[][] {
  const end = (plug: LabLink[number]): string[] => {
    const host = topology.hosts.find((each) => each.name === plug.host);
    return ['name', plug.device, ...(host?.inside === undefined ? [] : ['netns', host.name])];
  };
  return [['link', 'add', ...end(one), 'type', 'veth', 'peer', ...end(other)]];
}

function hostLines(topology: Topology, host: LabHost): readonly string[][] {
  const devices = topology.links
    .flat()
    .filter((plug) => plug.host === host.name)
    .map((plug) => plug.device);
  const addresses = Object.entries(host.addresses ?? {});
  return [
    ...(host.inside === undefined ? [] : [['link', 'set', 'dev', 'lo', 'up']]),
    ...addresses.flatMap(([device, list]) => list.map((address) => ['address', 'add', address, ...broadcast(address), 'dev', device])),
    ...devices.map((device) => ['link', 'set', 'dev', device, 'up']),
    ...(host.routes ?? []).map((route) => ['route', 'add', route.to, 'via', route.via]),
  ];
}

function broadcast(address: string): readonly string[] {
  return address.includes(':') ? ['nodad'] : ['broadcast', '+'];
}

function namespaceOf(host: LabHost): readonly string[] {
  return host.inside === undefined ? [] : ['-n', host.name];
}

function batch(words: readonly string[], lines: readonly (readonly string[])[]): string {
  if (lines.length === 0) return '';
  return [`ip ${[...words, '-batch', '-'].map(quote).join(' ')} <<'EOF'`, ...lines.map(batchLine), 'EOF'].join('\n');
}

function sysctlLines(host: LabHost): readonly string[] {
  const enter = host.inside === undefined ? '' : `ip netns exec ${quote(host.name)} `;
  return Object.entries(host.sysctls ?? {}).map(([key, value]) => `${enter}sysctl -qw ${quote(`${key}=${value}`)}`);
}

function masqueradeLines(host: LabHost): readonly string[] {
  const devices = host.masquerade ?? [];
  if (devices.length === 0) return [];
  const enter = host.inside === undefined ? '' : `ip netns exec ${quote(host.name)} `;
  const chain = `add chain ip lab postrouting { type nat hook postrouting priority srcnat; policy accept; }`;
  const rules = devices.map((device) => `add rule ip lab postrouting oifname "${device}" masquerade`);
  return [[`${enter}nft -f - <<'EOF'`, 'add table ip lab', chain, ...rules, 'EOF'].join('\n')];
}
