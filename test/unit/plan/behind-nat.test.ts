import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/plan/operation.ts';
import { aTunnel } from '../../support/builders.ts';
import { presenceOf } from '../../support/builders-plan.ts';

const ENCAPSULATED = { encap: { type: 'fou', port: 5555 } } as const;
const BEHIND = { local: '30.1.1.1', public: '30.1.1.254' };
const CALL = 'send to 10.10.10.2, for the router to open the port';

function stepsOf(ends: Parameters<typeof aTunnel>[1], host: string, fields: Parameters<typeof aTunnel>[0] = ENCAPSULATED): readonly Step[] {
  return presenceOf(aTunnel(fields, ends)).steps.filter((step) => step.host === host);
}

const isWaiting = ({ waitsForPeer }: Step) => waitsForPeer === true;

describe('through a router that translates ports', () => {
  it('the end behind it sends when it has all it needs, and its peer comes up after that', () => {
    expect(stepsOf([BEHIND, {}], 'router-a').at(-1)).toMatchObject({
      title: CALL,
      forward: [{ kind: 'call', device: 'gre1', address: '10.10.10.2' }],
      inverse: [],
    });
    expect(stepsOf([BEHIND, {}], 'router-a').filter(isWaiting)).toEqual([]);
    expect(stepsOf([BEHIND, {}], 'router-b').filter(isWaiting)).toMatchObject([{ title: 'set gre1 up' }]);
  });

  it('nobody waits where both ends are behind one, none is, or there are no ports', () => {
    for (const host of ['router-a', 'router-b']) {
      const all = [stepsOf([BEHIND, { public: '30.1.1.253' }], host), stepsOf([{}, {}], host), stepsOf([BEHIND, {}], host, {})].flat();
      expect(all.filter((step) => isWaiting(step) || step.title === CALL)).toEqual([]);
    }
  });
});
