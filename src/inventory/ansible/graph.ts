import type { Tunnel } from '../../domain/tunnel.ts';
import type { Groups } from './groups.ts';

/** Lines as `ansible-inventory --graph` prints them, and after them the tunnels. */
export function graphOf(groups: Groups, tunnels: readonly Tunnel[]): readonly string[] {
  return [...graphOfGroup(groups, 'all', 0), ...(tunnels.length === 0 ? [] : ['tunnels:', ...tunnels.map(tunnelLine)])];
}

function graphOfGroup(groups: Groups, name: string, depth: number): readonly string[] {
  const group = groups.get(name);
  if (group === undefined) return [];
  const children = group.children.flatMap((child) => graphOfGroup(groups, child, depth + 1));
  const hosts = name === 'all' ? [] : group.hosts.map((host) => branch(host, depth + 1));
  return [branch(`@${name}:`, depth), ...children, ...hosts];
}

function branch(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
}

function tunnelLine({ name, mode, endpoints: [one, other], state }: Tunnel): string {
  return branch(`${name} (${mode}): ${one.host} ⇄ ${other.host}${state === 'absent' ? ', absent' : ''}`, 1);
}
