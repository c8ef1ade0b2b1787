import { optionsOf, type Tunnel, type TunnelEnd } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';

/** The file's lines, or why there are none. */
export type SwanctlFile = { readonly lines: readonly string[] } | { readonly refused: string };

/**
 * What strongSwan needs on one host to protect its tunnels with keys of its own, which come back with it after a reboot
 * (swanctl.conf(5)).
 *
 * Both hosts get the mirror image of one connection. From the moment strongSwan has it, no clear text is taken or sent (`trap`).
 * No secret is drawn here: a file that is printed is soon read by others, and one that is the same everywhere protects nothing.
 */
export function swanctlOf(host: string, tunnels: readonly Tunnel[]): SwanctlFile {
  const ends = tunnels.flatMap((tunnel) => endsOn(host, tunnel));
  if (ends.length === 0) return { refused: `${host} has no tunnel with «ipsec: true»` };
  const nameless = ends.find(({ own, peer }) => own.local === undefined || outerOf(peer) === undefined);
  if (nameless !== undefined)
    return { refused: `tunnel ${nameless.tunnel.name} has no \`local\` at both ends, and strongSwan is told the outer addresses` };
  return {
    lines: [
      `# made by tunorch for ${host}: /etc/swanctl/conf.d/tunorch.conf`,
      'connections {',
      ...ends.flatMap(connectionLines).map((line) => `  ${line}`),
      '}',
      '# Each pair of hosts needs a secret of its own, the same on both, in a file that only root can read (`openssl rand -base64 48`):',
      ...[...new Set(ends.map(({ peer }) => peer.host))].flatMap((peer) => secretLines(host, peer)).map((line) => `# ${line}`),
    ],
  };
}

interface OwnEnd {
  readonly tunnel: Tunnel;
  readonly own: TunnelEnd;
  readonly peer: TunnelEnd;
}

function endsOn(host: string, tunnel: Tunnel): readonly OwnEnd[] {
  const [first, second] = tunnel.endpoints;
  if (tunnel.ipsec !== true || tunnel.state === 'absent') return [];
  if (first.host === host) return [{ tunnel, own: first, peer: second }];
  return second.host === host ? [{ tunnel, own: second, peer: first }] : [];
}

/** Where its packets are sent to. */
function outerOf(end: TunnelEnd): string | undefined {
  return end.public ?? end.local;
}

function connectionLines({ tunnel, own, peer }: OwnEnd): readonly string[] {
  const name = `tunorch-${tunnel.name}`;
  return [
    `${name} {`,
    '  version = 2',
    `  local_addrs = ${own.local}`,
    `  remote_addrs = ${outerOf(peer)}`,
    '  proposals = aes256gcm16-prfsha384-ecp384',
    '  local {',
    '    auth = psk',
    `    id = ${own.host}`,
    '  }',
    '  remote {',
    '    auth = psk',
    `    id = ${peer.host}`,
    '  }',
    '  children {',
    `    ${name} {`,
    ...childLines(tunnel, own, peer).map((line) => `      ${line}`),
    '      esp_proposals = aes256gcm16-esn-ecp384',
    '      start_action = trap',
    '    }',
    '  }',
    '}',
  ];
}

/** Between the outer addresses only what the tunnel sends; where a device carries it, all that has its marks. */
function childLines(tunnel: Tunnel, own: TunnelEnd, peer: TunnelEnd): readonly string[] {
  const protocols = modeOf(tunnel.mode).protocols(optionsOf(tunnel));
  if (protocols.length > 0) {
    const selectors = protocols.map(({ protocol }) => `dynamic[${protocol}]`).join(', ');
    return ['mode = transport', `local_ts = ${selectors}`, `remote_ts = ${selectors}`];
  }
  const everything = '0.0.0.0/0, ::/0';
  return ['mode = tunnel', `local_ts = ${everything}`, `remote_ts = ${everything}`, `mark_in = ${own.ikey ?? 0}`, `mark_out = ${peer.ikey ?? 0}`];
}

function secretLines(host: string, peer: string): readonly string[] {
  return ['secrets {', `  ike-${peer} {`, `    id-1 = ${host}`, `    id-2 = ${peer}`, '    secret = …', '  }', '}'];
}
