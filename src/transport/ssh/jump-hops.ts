import type { JumpHop } from './ssh-settings.ts';

/** Reads ProxyJump: hops in the order in which they are crossed. @throws Error - a hop that is none */
export function parseJumps(value: string): readonly JumpHop[] {
  return value.split(',').map((hop) => parseHop(hop.trim()));
}

function parseHop(text: string): JumpHop {
  const match = /^(?:ssh:\/\/)?(?:([^@/]+)@)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?\/?$/u.exec(text);
  const [, user, host = '', port] = match ?? [];
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  if (name === '' || name.startsWith('-')) throw new Error(`ProxyJump has a hop that is none: ${text}`);
  return { host: name, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) };
}
