import { mirror } from '../../src/domain/endpoint.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import type { PersistedEnd } from '../../src/persist/back-end.ts';
import { persistedEnd } from '../../src/plan/plan-persistence.ts';
import { anObservedHost, aTunnel, type EndFields } from './builders.ts';

/** The first end of a tunnel, on a host that has nothing of it. */
export function aPersistedEnd(fields: Partial<Tunnel> = {}, end: EndFields = {}): PersistedEnd {
  const locals = fields.mode?.includes('6') === true ? (['fd00:1::1', 'fd00:1::2'] as const) : (['30.1.1.1', '30.1.1.2'] as const);
  const [endpoint] = mirror(aTunnel(fields, [end, {}]), { locals, mtuBytes: 1400 });
  return persistedEnd(endpoint, anObservedHost());
}
