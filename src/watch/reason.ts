import { degradationOf } from './degradation.ts';
import type { End } from './end.ts';
import type { Health, Pulse } from './pulse.ts';

type Seen = Pick<Pulse, 'ends' | 'rules' | 'beats' | 'judged' | 'tunnel'>;

/** Why a tunnel is not up, in one line; undefined where it is. */
export function reasonFor(pulse: Seen, health: Health): string | undefined {
  if (health === 'up') return undefined;
  if (health === 'degraded') return degradationOf(pulse.beats.slice(-pulse.judged), pulse.tunnel.verify);
  if (health === 'unknown') return `neither ${pulse.ends.map(({ host }) => host).join(' nor ')} can be asked`;
  return downReason(pulse);
}

/** A device that is not there says more than the packets that do not come through it. */
function downReason({ ends, rules: { retries } }: Seen): string {
  const [first, second] = ends;
  const told = [
    ...ends.filter(({ link }) => link === 'gone').map(({ device, host }) => `${device} is gone on ${host}`),
    ...ends.filter(({ link }) => link === 'down').map(({ device, host }) => `${device} is down on ${host}`),
  ];
  if (told.length === 0) {
    told.push(...[silence(first, second), silence(second, first)].filter((words) => words !== undefined));
  }
  return [...told, ...ends.filter(({ isSeen }) => !isSeen).map(({ host }) => `${host} cannot be asked`)].join(', ');

  function silence(end: End, peer: End): string | undefined {
    return end.misses < retries ? undefined : `${peer.host} does not answer ${end.host} through ${end.device}`;
  }
}
